CREATE TEMPORARY TABLE chosen AS
SELECT r.row_number
FROM staged_rows AS r
WHERE
    NOT EXISTS (
        SELECT 1
        FROM refused AS u
        WHERE u.row_number = r.row_number
    )
