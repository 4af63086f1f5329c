CREATE TEMPORARY VIEW accepted AS
SELECT
    {{ of('s') }},
    s.row_number,
    s.is_announced,
    s.row_number NOT IN (SELECT b.row_number FROM failure AS b WHERE b.level = 'lifespan') AS is_possible
FROM staged AS s
WHERE NOT EXISTS (SELECT 1 FROM failure AS f WHERE f.row_number = s.row_number AND f.level <> 'lifespan')
