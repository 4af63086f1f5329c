-- Reads: rejected_lines, batch_file.
INSERT INTO received.line (load_id, reading, row_number, source, feed, payload, content)
SELECT
    b.load_id,
    b.reading,
    r.row_number,
    '{{ f.source }}',
    '{{ f.name }}',
    CAST({{ f.json_object }}('line', r.line, 'text', r.text) AS TEXT),
    MD5(r.text)
FROM rejected_lines AS r
INNER JOIN batch_file AS b ON r.file_number = b.file_number
