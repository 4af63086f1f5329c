-- The rules that tell of a text that nobody knows.
SELECT rule_pattern
FROM reference.intake_rule
WHERE counted_as IN ('unmapped_code', 'unmapped_unit')
