SELECT
    load_id,
    site,
    feed,
    CAST(batch_date AS TEXT) AS batch_date,
    state,
    reason,
    reason_code,
    size_bytes,
    COALESCE(rows_received, 0) AS received,
    COALESCE(rows_loaded, 0) AS loaded,
    COALESCE(rows_updated, 0) AS updated,
    COALESCE(rows_unchanged, 0) AS unchanged,
    COALESCE(rows_quarantined, 0) AS quarantined,
    COALESCE(rows_waiting, 0) AS waiting,
    COALESCE(cells_set_aside, 0) AS cells_set_aside,
    CAST(FLOOR(EXTRACT(EPOCH FROM finished_at)) AS BIGINT) AS finished_second
FROM ops.load
WHERE load_id IN (SELECT UNNEST(CAST(:load_ids AS TEXT[])))
