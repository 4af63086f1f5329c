-- What was overridden is a rule again for which the row is set aside.
UPDATE quarantine.record
SET rule_ids = m.rule_ids
FROM (
    SELECT
        f.load_id,
        f.row_number,
        STRING_AGG(f.rule_id, ',' ORDER BY f.rule_id ASC) AS rule_ids
    FROM quarantine.failure AS f
    WHERE
        f.severity = 'critical'
        AND NOT f.is_overridden
        AND EXISTS (SELECT 1 FROM let_past AS p WHERE p.load_id = f.load_id AND p.row_number = f.row_number)
    GROUP BY f.load_id, f.row_number
) AS m
WHERE quarantine.record.load_id = m.load_id AND quarantine.record.row_number = m.row_number
