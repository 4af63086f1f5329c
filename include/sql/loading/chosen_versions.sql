CREATE TEMPORARY TABLE chosen AS
SELECT r.row_number
FROM staged_rows AS r
INNER JOIN chosen_record AS c ON r.version_load_id = c.load_id AND r.version_row_number = c.row_number
