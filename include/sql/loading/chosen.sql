CREATE TEMPORARY TABLE chosen AS
SELECT row_number FROM staged_rows
