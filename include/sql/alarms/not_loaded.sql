-- Files that were pulled or released and not loaded in time: their load fails, or nothing runs. Those that wait for a
-- broken rule are told with the rule.
SELECT
    l.site,
    l.source,
    l.feed,
    l.feed AS subject,
    l.batch_date,
    'waiting' AS state,
    COUNT(*) AS files,
    MIN(COALESCE(l.decided_at, l.received_at)) AS due_since,
    MIN(t.high) AS deadline_hours
FROM ops.file_state AS l
INNER JOIN reference.threshold_in_force AS t ON l.feed = t.feed AND t.kind = 'load_deadline'
WHERE
    l.state IN ('received', 'released')
    AND l.reason_code IS DISTINCT FROM 'REG-303'
    AND COALESCE(l.decided_at, l.received_at) + t.high * INTERVAL '1' HOUR < CURRENT_TIMESTAMP AT TIME ZONE 'UTC'
GROUP BY l.site, l.source, l.feed, l.batch_date
ORDER BY l.site ASC, l.source ASC, l.feed ASC, l.batch_date ASC
