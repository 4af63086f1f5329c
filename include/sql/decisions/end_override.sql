UPDATE quarantine.override
SET ended_at = CAST(:now AS TIMESTAMP)
FROM chosen_record AS c
WHERE
    quarantine.override.feed = c.feed
    AND quarantine.override.record_key = c.record_key
    AND quarantine.override.ended_at IS NULL
    AND quarantine.override.rule_id IN (
        SELECT f.rule_id
        FROM quarantine.failure AS f
        WHERE f.load_id = c.load_id AND f.row_number = c.row_number AND f.is_overridden
    )
