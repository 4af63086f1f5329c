{% from 'resolving/of_few.sql' import of_few with context %}
-- Reads: new_reading.
INSERT INTO resolved.spelling (load_id, reading, unit)
SELECT
    r.load_id,
    r.reading,
    r.unit
FROM received.{{ f.name }} AS r
INNER JOIN new_reading AS n ON r.load_id = n.load_id AND r.reading = n.reading{{ of_few(loads, 'r') }}
WHERE r.unit IS NOT NULL
GROUP BY r.load_id, r.reading, r.unit
