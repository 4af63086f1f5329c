UPDATE quarantine.override
SET ended_at = CAST(:now AS TIMESTAMP)
WHERE
    ended_at IS NULL
    AND override_id IN (
        SELECT f.override_id
        FROM chosen_record AS c
        INNER JOIN quarantine.failure AS f ON c.load_id = f.load_id AND c.row_number = f.row_number
        WHERE f.is_overridden AND c.state = 'overridden'
    )
