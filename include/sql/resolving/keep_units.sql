-- Reads: new_reading.
INSERT INTO resolved.unit (unit)
SELECT r.unit
FROM received.{{ f.name }} AS r
INNER JOIN new_reading AS n ON r.load_id = n.load_id AND r.reading = n.reading
WHERE r.unit IS NOT NULL AND r.unit NOT IN (SELECT k.unit FROM resolved.unit AS k)
GROUP BY r.unit
