CREATE TEMPORARY TABLE replayed AS
SELECT
    r.row_number,
    COALESCE(t.fate, 'quarantined') AS fate,
    f.rule_ids,
    r.row_number IN (SELECT o.row_number FROM failing AS o WHERE o.is_overridden) AS is_overridden
FROM staged_rows AS r
LEFT JOIN fate AS t ON r.row_number = t.row_number
LEFT JOIN (
    SELECT
        b.row_number,
        STRING_AGG(b.rule_id, ',' ORDER BY b.rule_id ASC) AS rule_ids
    FROM failure AS b
    LEFT JOIN fate AS a ON b.row_number = a.row_number
    WHERE (a.fate IS NULL AND b.level <> 'lifespan') OR a.fate = 'quarantined'
    GROUP BY b.row_number
) AS f ON r.row_number = f.row_number
