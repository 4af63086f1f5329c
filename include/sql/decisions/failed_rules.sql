SELECT
    f.rule_id,
    f.severity,
    f.is_overridden,
    r.description,
    r.remedy
FROM quarantine.failure AS f
LEFT JOIN reference.rule AS r ON f.rule_id = r.rule_id
WHERE f.load_id = :load_id AND f.row_number = :row_number
ORDER BY f.severity ASC, f.rule_id ASC
