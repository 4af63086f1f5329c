SELECT
    load_id,
    source,
    feed,
    batch_date,
    rows_received,
    reason,
    reason_code
FROM ops.file_state
WHERE state = 'held' AND batch_date <= CAST(:day AS DATE)
ORDER BY batch_date DESC, source ASC, feed ASC, load_id ASC
