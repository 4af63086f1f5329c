-- What the rules across feeds say of the record as it was last derived.
SELECT
    c.rule_id,
    r.feed,
    c.severity,
    r.category,
    r.description,
    c.rows_checked,
    c.rows_failed,
    100.0 * c.rows_failed / NULLIF(c.rows_checked, 0) AS percent,
    c.status
FROM ops.cross_check AS c
INNER JOIN reference.rule AS r ON c.rule_id = r.rule_id
