-- Files of which no row could be read.
SELECT
    site,
    source,
    feed,
    load_id AS subject,
    batch_date,
    reason_code AS state,
    reason,
    size_bytes
FROM ops.file_state
WHERE state = 'held' AND reason_code IN ('REG-301', 'REG-306', 'REG-312')
ORDER BY site ASC, source ASC, feed ASC, batch_date ASC, load_id ASC
