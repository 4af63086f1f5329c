-- Rows whose patient nobody has announced in time.
SELECT
    l.site,
    r.source,
    r.feed,
    r.feed AS subject,
    l.batch_date,
    'waiting' AS state,
    COUNT(*) AS waiting_rows,
    MIN(t.high) AS deadline_days,
    MIN(t.owner) AS owner
FROM quarantine.record AS r
INNER JOIN ops.load AS l ON r.load_id = l.load_id
INNER JOIN reference.threshold_in_force AS t ON r.feed = t.feed AND t.kind = 'decision_deadline'
WHERE
    r.state = 'waiting'
    AND l.finished_at + t.high * INTERVAL '1' DAY < CURRENT_TIMESTAMP AT TIME ZONE 'UTC'
GROUP BY l.site, r.source, r.feed, l.batch_date
ORDER BY l.site ASC, r.source ASC, r.feed ASC, l.batch_date ASC
