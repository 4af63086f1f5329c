-- The rows that are set aside, each with its rules, comma-separated: its own, or those about birth and death; none when
-- it only says what was rejected.
SELECT
    a.row_number,
    STRING_AGG(a.rule_id, ',' ORDER BY a.rule_id ASC) AS rule_ids
FROM (
    SELECT
        b.row_number,
        b.rule_id
    FROM failure AS b
    LEFT JOIN fate AS t ON b.row_number = t.row_number
    WHERE (t.fate IS NULL AND b.level <> 'lifespan') OR t.fate = 'quarantined'
    UNION ALL
    SELECT
        u.row_number,
        CAST(NULL AS TEXT) AS rule_id
    FROM refused AS u
) AS a
GROUP BY a.row_number
