-- Reads: new_reading.
DELETE FROM resolved.{{ table }}
WHERE EXISTS (
    SELECT 1
    FROM new_reading AS n
    WHERE resolved.{{ table }}.load_id = n.load_id AND resolved.{{ table }}.reading = n.reading
)
