SELECT
    load_id,
    site,
    source,
    feed,
    batch_date,
    file_name,
    reason,
    reason_code
FROM ops.file_state
WHERE state = 'held'
ORDER BY batch_date ASC, site ASC, source ASC, feed ASC, file_order ASC
