-- Reads: staged, failing, chosen_record. Makes: changed_row.
-- The chosen rows of a load that fail other rules now, or at another level. A row is what it was when it was set aside, or it is left alone:
-- its number alone does not say so.
CREATE TEMPORARY TABLE changed_row AS
WITH
chosen AS (
    SELECT
        s.row_number,
        s.file_row_number
    FROM staged AS s
    INNER JOIN chosen_record AS c
        ON s.file_row_number = c.row_number AND s.{{ f.key }} IS NOT DISTINCT FROM c.record_key
    WHERE c.load_id = :load_id
),

now_failed AS (
    SELECT
        c.row_number,
        f.rule_id,
        f.level
    FROM chosen AS c
    INNER JOIN failing AS f ON c.row_number = f.row_number
),

then_failed AS (
    SELECT
        c.row_number,
        f.rule_id,
        f.level
    FROM chosen AS c
    INNER JOIN received.failure_in_force AS f ON c.file_row_number = f.row_number
    WHERE f.load_id = :load_id
)

SELECT row_number
FROM (SELECT * FROM now_failed EXCEPT SELECT * FROM then_failed) AS more
UNION
SELECT row_number
FROM (SELECT * FROM then_failed EXCEPT SELECT * FROM now_failed) AS fewer
