-- Reads: new_reading.
INSERT INTO resolved.reading (load_id, reading, feed)
SELECT
    load_id,
    reading,
    '{{ f.name }}' AS feed
FROM new_reading
WHERE is_new
