-- An override that has let no row in is not in force.
UPDATE quarantine.override
SET ended_at = CAST(:now AS TIMESTAMP)
WHERE
    ended_at IS NULL
    AND decided_at >= CAST(:since AS TIMESTAMP)
    AND NOT EXISTS (
        SELECT 1
        FROM quarantine.failure AS f
        LEFT JOIN quarantine.record AS q ON f.load_id = q.load_id AND f.row_number = q.row_number
        WHERE
            f.override_id = quarantine.override.override_id
            AND f.is_overridden
            AND COALESCE(q.state, '') NOT IN ('open', 'rejected')
    )
