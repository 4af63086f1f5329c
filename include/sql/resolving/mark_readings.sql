-- Reads: new_reading.
INSERT INTO resolved.reading (load_id, reading, feed)
SELECT
    load_id,
    reading,
    '{{ f.name }}'
FROM new_reading
WHERE is_new
