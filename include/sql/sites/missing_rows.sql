-- The rows that are missing in a full export, as they came.
SELECT {{ f.stored_payload('r') }} AS payload
FROM ops.missing_key AS m
INNER JOIN received.{{ f.name }} AS r
    ON m.load_id = r.load_id AND m.row_number = r.row_number AND m.reading = r.reading
WHERE m.site = :site AND m.export = :export AND m.feed = '{{ f.name }}'
ORDER BY m.record_key ASC
