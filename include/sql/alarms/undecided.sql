-- Rows that were set aside, or a cell of theirs, and that nobody has decided in time.
SELECT
    l.site,
    r.source,
    r.feed,
    r.feed AS subject,
    l.batch_date,
    'open' AS state,
    COUNT(*) AS open_rows,
    MIN(l.finished_at) AS finished_at,
    MIN(t.high) AS deadline_days
FROM (
    SELECT
        load_id,
        row_number,
        source,
        feed
    FROM quarantine.record
    WHERE state = 'open'
    UNION
    SELECT
        load_id,
        row_number,
        source,
        feed
    FROM quarantine.cell
    WHERE state = 'open'
) AS r
INNER JOIN ops.load AS l ON r.load_id = l.load_id
INNER JOIN reference.threshold_in_force AS t ON r.feed = t.feed AND t.kind = 'decision_deadline'
WHERE l.finished_at + t.high * INTERVAL '1' DAY < CURRENT_TIMESTAMP AT TIME ZONE 'UTC'
GROUP BY l.site, r.source, r.feed, l.batch_date
ORDER BY l.site ASC, r.source ASC, r.feed ASC, l.batch_date ASC
