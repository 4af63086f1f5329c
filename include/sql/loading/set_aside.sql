-- The rows that are set aside, each with its rules, comma-separated: its own, or those about birth and death; none when
-- it only says what was rejected.
SELECT
    a.row_number,
    STRING_AGG(a.rule_id, ',' ORDER BY a.rule_id ASC) AS rule_ids
FROM (
    SELECT
        row_number,
        rule_id
    FROM failure
    WHERE level <> 'lifespan'
    UNION ALL
    SELECT
        l.row_number,
        l.rule_id
    FROM failure AS l
    INNER JOIN fate AS t ON l.row_number = t.row_number
    WHERE l.level = 'lifespan' AND t.fate = 'quarantined'
    UNION ALL
    SELECT
        u.row_number,
        CAST(NULL AS TEXT) AS rule_id
    FROM refused AS u
) AS a
GROUP BY a.row_number
