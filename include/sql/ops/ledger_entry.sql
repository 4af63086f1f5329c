SELECT
    load_id,
    source,
    feed,
    batch_date,
    file_name,
    landing_uri,
    sha256,
    state,
    reason,
    rows_received
FROM ops.load
WHERE load_id = :load_id
