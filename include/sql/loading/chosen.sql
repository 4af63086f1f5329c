CREATE TEMPORARY TABLE chosen AS
SELECT row_number
FROM staged_rows
WHERE row_number NOT IN (SELECT u.row_number FROM refused AS u)
