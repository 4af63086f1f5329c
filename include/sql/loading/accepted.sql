CREATE TEMPORARY VIEW accepted AS
SELECT
    {{ of('s') }},
    s.row_number,
    s.is_announced,
    f.row_number IS NULL AS is_possible
FROM staged AS s
LEFT JOIN (
    SELECT
        row_number,
        MAX(CASE WHEN level <> 'lifespan' THEN 1 ELSE 0 END) AS by_itself
    FROM failure
    GROUP BY row_number
) AS f ON s.row_number = f.row_number
WHERE COALESCE(f.by_itself, 0) = 0
