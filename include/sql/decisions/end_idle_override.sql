-- An override that did not let its record in is not in force.
UPDATE quarantine.override
SET ended_at = CAST(:now AS TIMESTAMP)
WHERE
    ended_at IS NULL
    AND decided_at >= CAST(:since AS TIMESTAMP)
    AND override_id IN (
        SELECT f.override_id
        FROM chosen_record AS c
        INNER JOIN quarantine.record AS q ON c.load_id = q.load_id AND c.row_number = q.row_number
        INNER JOIN quarantine.failure AS f ON c.load_id = f.load_id AND c.row_number = f.row_number
        WHERE q.state = 'open' AND f.is_overridden
    )
