-- Rules that raised instead of judging; every file of their feed waits for them. One rule is one alarm.
SELECT
    l.source,
    l.feed,
    v.rule_id AS subject,
    l.batch_date,
    'broken' AS state,
    COUNT(*) AS files
FROM ops.validation_result AS v
INNER JOIN ops.load AS l ON v.load_id = l.load_id
WHERE v.status = 'error' AND l.state = 'held'
GROUP BY l.source, l.feed, v.rule_id, l.batch_date
ORDER BY l.source ASC, l.feed ASC, l.batch_date ASC, v.rule_id ASC
