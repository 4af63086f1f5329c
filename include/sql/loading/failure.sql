CREATE TEMPORARY VIEW failure AS
SELECT
    row_number,
    rule_id,
    level
FROM failing
WHERE severity = 'critical' AND NOT is_overridden
