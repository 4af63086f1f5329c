-- A file of the ledger, and what became of its rows.
SELECT
    load_id,
    COALESCE(site, '') AS site,
    source,
    feed,
    batch_date,
    file_name,
    uri,
    landing_uri,
    sha256,
    size_bytes,
    state,
    reason,
    reason_code,
    received_at,
    finished_at,
    rows_received AS received,
    rows_loaded AS loaded,
    rows_updated AS updated,
    rows_unchanged AS unchanged,
    rows_quarantined AS quarantined,
    rows_waiting AS waiting,
    cells_set_aside
FROM ops.load
WHERE load_id = :load_id
