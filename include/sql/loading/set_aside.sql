-- The rules for which each row is set aside, comma-separated: its own, or those about birth and death.
SELECT
    b.row_number,
    STRING_AGG(b.rule_id, ',' ORDER BY b.rule_id ASC) AS rule_ids
FROM failure AS b
LEFT JOIN fate AS t ON b.row_number = t.row_number
WHERE (t.fate IS NULL AND b.level <> 'lifespan') OR t.fate = 'quarantined'
GROUP BY b.row_number
