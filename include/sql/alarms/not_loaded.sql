-- Files that were pulled and not loaded in time: their load fails, or nothing runs.
SELECT
    l.source,
    l.feed,
    l.feed AS subject,
    l.batch_date,
    'waiting' AS state,
    COUNT(*) AS files,
    MIN(l.received_at) AS received_at,
    MIN(t.high) AS deadline_hours
FROM ops.load AS l
INNER JOIN reference.threshold_in_force AS t ON l.feed = t.feed AND t.kind = 'load_deadline'
WHERE
    l.state IN ('received', 'released')
    AND l.received_at + t.high * INTERVAL '1' HOUR < CURRENT_TIMESTAMP AT TIME ZONE 'UTC'
GROUP BY l.source, l.feed, l.batch_date
ORDER BY l.source ASC, l.feed ASC, l.batch_date ASC
