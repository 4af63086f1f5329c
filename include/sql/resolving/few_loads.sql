-- Reads: new_reading.
-- The files of the new readings, where these have few rows.
SELECT n.load_id
FROM new_reading AS n
WHERE
    (
        SELECT SUM(r.rows_received)
        FROM received.reading AS r
        INNER JOIN new_reading AS w ON r.load_id = w.load_id AND r.reading = w.reading
    ) <= :most
GROUP BY n.load_id
ORDER BY n.load_id
