DELETE FROM failing
WHERE
    NOT EXISTS (
        SELECT 1
        FROM staged_rows AS r
        WHERE r.row_number = failing.row_number
    )
