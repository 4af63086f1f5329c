-- What the rules across feeds find in the record as it was last derived, or that they could not be evaluated.
SELECT
    c.feed,
    c.rule_id,
    c.severity,
    c.rows_checked,
    c.rows_failed,
    c.percent,
    c.status,
    c.description,
    r.remedy
FROM marts.cross_feed_summary AS c
INNER JOIN reference.rule AS r ON c.rule_id = r.rule_id
WHERE c.status IN ('error', 'pass_with_failures')
ORDER BY
    CASE c.status WHEN 'error' THEN 1 ELSE 2 END ASC,
    CASE c.severity WHEN 'warning' THEN 1 ELSE 2 END ASC,
    c.rows_failed DESC,
    c.rule_id ASC
