-- The other rows that are in the record by the overrides of the chosen ones.
INSERT INTO chosen_record (load_id, row_number, feed, record_key, state)
SELECT DISTINCT
    f.load_id,
    f.row_number,
    f.feed,
    f.record_key,
    'overridden' AS state
FROM quarantine.failure AS f
LEFT JOIN quarantine.record AS q ON f.load_id = q.load_id AND f.row_number = q.row_number
WHERE
    f.is_overridden
    AND (q.state IS NULL OR q.state = 'overridden')
    AND f.override_id IN (
        SELECT k.override_id
        FROM chosen_record AS c
        INNER JOIN quarantine.failure AS k ON c.load_id = k.load_id AND c.row_number = k.row_number
        WHERE k.is_overridden AND c.state = 'overridden'
    )
    AND NOT EXISTS (
        SELECT 1
        FROM chosen_record AS c
        WHERE c.load_id = f.load_id AND c.row_number = f.row_number
    )
