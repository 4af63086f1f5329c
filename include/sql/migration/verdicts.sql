INSERT INTO received.verdict (load_id, reading, rule_id, level, severity, rows_checked, rows_failed, is_broken)
SELECT
    v.load_id,
    r.reading,
    v.rule_id,
    COALESCE(l.level, CASE WHEN v.rule_id LIKE 'file.%' THEN 'file' ELSE 'row' END) AS level,
    v.severity,
    v.rows_checked,
    v.rows_failed,
    v.status = 'error' AS is_broken
FROM before.validation_result AS v
INNER JOIN received.reading AS r ON v.load_id = r.load_id
LEFT JOIN before.rule AS l ON v.rule_id = l.rule_id
