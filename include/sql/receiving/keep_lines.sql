-- Reads: rejected_lines, batch_file.
INSERT INTO received.line (load_id, reading, row_number, source, feed, payload, content)
SELECT
    b.load_id,
    b.reading,
    r.row_number,
    '{{ f.source }}' AS source,
    '{{ f.name }}' AS feed,
    CAST({{ f.json_object }}('line', r.line, 'text', r.text) AS TEXT) AS payload,
    MD5(r.text) AS content
FROM rejected_lines AS r
INNER JOIN batch_file AS b ON r.file_number = b.file_number
