SELECT
    load_id,
    site,
    source,
    feed,
    CAST(batch_date AS TEXT) AS batch_date,
    file_name,
    delivery,
    sha256,
    state,
    rows_received
FROM ops.file_state
ORDER BY batch_date ASC, site ASC, source ASC, feed ASC, file_order ASC, delivery ASC
