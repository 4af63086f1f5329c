-- Rules that raised instead of judging: every file of their feed waits for them, or what they judge anew stays as it
-- was. One rule is one alarm, of the night of the files or of that in which it broke.
SELECT
    source,
    STRING_AGG(DISTINCT feed, ', ' ORDER BY feed ASC) AS feed,
    subject,
    batch_date,
    'broken' AS state,
    COUNT(load_id) AS files
FROM (
    SELECT
        l.source,
        l.feed,
        v.rule_id AS subject,
        l.batch_date,
        l.load_id
    FROM ops.validation_result AS v
    INNER JOIN ops.load AS l ON v.load_id = l.load_id
    WHERE v.status = 'error' AND l.state IN ('held', 'released')
    UNION ALL
    SELECT
        f.source,
        f.feed,
        b.rule_id AS subject,
        CAST(b.broken_since AS DATE) AS batch_date,
        NULL AS load_id
    FROM ops.broken_rule AS b
    INNER JOIN reference.rule AS r ON b.rule_id = r.rule_id
    INNER JOIN reference.feed AS f ON r.feed = f.feed
) AS broken
GROUP BY source, subject, batch_date
ORDER BY source ASC, feed ASC, batch_date ASC, subject ASC
