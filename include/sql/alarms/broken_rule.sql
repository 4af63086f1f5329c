-- Rules that raised instead of judging: every file of their feed waits for them, or their findings are old.
-- One rule is one alarm.
SELECT
    l.source,
    l.feed,
    v.rule_id AS subject,
    l.batch_date,
    'broken' AS state,
    COUNT(*) AS files
FROM ops.validation_result AS v
INNER JOIN ops.load AS l ON v.load_id = l.load_id
WHERE v.status = 'error' AND l.state IN ('held', 'released')
GROUP BY l.source, l.feed, v.rule_id, l.batch_date
UNION ALL
SELECT
    f.source,
    f.feed,
    c.rule_id AS subject,
    CAST(c.judged_at AS DATE) AS batch_date,
    'broken' AS state,
    0 AS files
FROM ops.cross_check AS c
INNER JOIN reference.rule AS r ON c.rule_id = r.rule_id
INNER JOIN reference.feed AS f ON r.feed = f.feed
WHERE c.status = 'error'
ORDER BY source ASC, feed ASC, batch_date ASC, subject ASC
