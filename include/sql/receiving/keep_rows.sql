-- Reads: staged, batch_file, failing.
-- What a row says beyond its columns is kept where a critical rule fails it.
INSERT INTO received.{{ f.name }} ({{ f.columns() }}, load_id, row_number, reading, content, payload)
SELECT
    {{ f.columns('s') }},
    b.load_id,
    s.file_row_number,
    b.reading,
    CASE WHEN n.row_number IS NOT NULL THEN {{ f.content('s') }} END AS content,
    CASE WHEN n.row_number IS NOT NULL THEN {{ f.payload('s') }} END AS payload
FROM staged AS s
INNER JOIN batch_file AS b ON s.file_number = b.file_number AND b.is_received
LEFT JOIN (
    SELECT DISTINCT row_number
    FROM failing
    WHERE severity = 'critical'
) AS n ON s.row_number = n.row_number
