-- Those rules that tell of a text that nobody knows and that a row fails.
SELECT DISTINCT f.rule_id
FROM received.failure_in_force AS f
INNER JOIN reference.intake_rule AS p ON f.rule_id LIKE p.rule_pattern
WHERE p.counted_as IN ('unmapped_code', 'unmapped_unit')
