SELECT
    load_id,
    source,
    feed,
    batch_date,
    file_name,
    reason
FROM ops.load
WHERE state = 'held'
ORDER BY batch_date ASC, source ASC, feed ASC, file_name ASC
