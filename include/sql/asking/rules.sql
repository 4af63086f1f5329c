-- The rules that rows of a file fail, critical ones first.
SELECT
    v.rule_id,
    v.severity,
    v.rows_failed,
    v.rows_checked,
    r.description
FROM ops.validation_result AS v
LEFT JOIN reference.rule AS r ON v.rule_id = r.rule_id
WHERE v.load_id = :load_id AND v.rows_failed > 0
ORDER BY
    CASE v.severity WHEN 'critical' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END ASC,
    v.rows_failed DESC,
    v.rule_id ASC
