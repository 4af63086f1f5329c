-- Reads: standing. Makes: owner.
-- The merges that contradict those before them.
CREATE TEMPORARY TABLE owner AS
SELECT
    s.key_text,
    s.load_id,
    s.row_number AS row_of_file,
    s.reading,
    ROW_NUMBER() OVER (ORDER BY s.key_text ASC, s.place ASC) AS row_number,
    1 AS file_number,
    s.record_key AS {{ f.key }},
    s.status,
    m.problem = 'closes_cycle' AS closes_cycle,
    m.problem = 'has_other_survivor' AS has_other_survivor,
    TRUE AS is_of_owner
FROM (
    SELECT
        UNNEST(CAST(:load_id AS TEXT[])) AS load_id,
        UNNEST(CAST(:row_number AS BIGINT[])) AS row_number,
        UNNEST(CAST(:reading AS BIGINT[])) AS reading,
        UNNEST(CAST(:problem AS TEXT[])) AS problem
) AS m
INNER JOIN standing AS s ON m.load_id = s.load_id AND m.row_number = s.row_number AND m.reading = s.reading
