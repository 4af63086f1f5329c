-- Reads: staged, batch_file.
INSERT INTO received.reread (load_id, reading, row_number)
SELECT
    b.load_id,
    b.reading,
    s.file_row_number
FROM staged AS s
INNER JOIN batch_file AS b ON s.file_number = b.file_number
