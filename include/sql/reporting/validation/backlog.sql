-- Rows that wait for a decision (open) or for their patient (waiting), and cells that wait for a decision (cells), by
-- their age in days that night, how many are overdue, and who has to act on those.
SELECT
    source,
    feed,
    state,
    COUNT(*) AS records,
    COUNT(*) FILTER (WHERE age <= 1) AS to_1_day,
    COUNT(*) FILTER (WHERE age BETWEEN 2 AND 7) AS to_7_days,
    COUNT(*) FILTER (WHERE age BETWEEN 8 AND 30) AS to_30_days,
    COUNT(*) FILTER (WHERE age > 30) AS over_30_days,
    CAST(MAX(age) AS BIGINT) AS oldest_days,
    COUNT(*) FILTER (WHERE age > deadline_days) AS overdue,
    MIN(owner) AS owner
FROM (
    SELECT
        r.source,
        r.feed,
        r.state,
        CAST(:day AS DATE) - l.batch_date AS age,
        t.high AS deadline_days,
        t.owner
    FROM (
        SELECT
            load_id,
            source,
            feed,
            state
        FROM quarantine.record
        WHERE state IN ('open', 'waiting')
        UNION ALL
        SELECT
            load_id,
            source,
            feed,
            'cells' AS state
        FROM quarantine.cell
        WHERE state = 'open'
    ) AS r
    INNER JOIN received.file AS l ON r.load_id = l.load_id
    LEFT JOIN reference.threshold_in_force AS t ON r.feed = t.feed AND t.kind = 'decision_deadline'
    WHERE l.batch_date <= CAST(:day AS DATE)
) AS aged
GROUP BY source, feed, state
ORDER BY state ASC, source ASC, feed ASC
