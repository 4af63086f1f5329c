CREATE TEMPORARY TABLE chosen_rows AS
SELECT r.*
FROM staged_rows AS r
INNER JOIN chosen_record AS c ON r.row_number = c.row_number
WHERE
    c.load_id = :load_id
    AND NOT EXISTS (
        SELECT 1
        FROM clinical.{{ feed }} AS v
        WHERE v.load_id = c.load_id AND v.row_number = c.row_number
    )
