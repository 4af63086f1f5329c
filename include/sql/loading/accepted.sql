CREATE TEMPORARY VIEW accepted AS
SELECT
    {{ of('s') }},
    s.row_number,
    s.is_announced,
    f.row_number IS NULL AS is_possible
FROM staged AS s
LEFT JOIN (
    SELECT
        b.row_number,
        MAX(b.by_itself) AS by_itself
    FROM (
        SELECT
            row_number,
            CASE WHEN level <> 'lifespan' THEN 1 ELSE 0 END AS by_itself
        FROM failure
        UNION ALL
        SELECT
            row_number,
            1 AS by_itself
        FROM refused
    ) AS b
    GROUP BY b.row_number
) AS f ON s.row_number = f.row_number
WHERE COALESCE(f.by_itself, 0) = 0
