UPDATE quarantine.override
SET ended_at = CAST(:now AS TIMESTAMP)
WHERE
    ended_at IS NULL
    AND EXISTS (
        SELECT 1
        FROM chosen_record AS c
        INNER JOIN quarantine.failure AS f ON c.load_id = f.load_id AND c.row_number = f.row_number
        WHERE
            f.is_overridden
            AND f.rule_id = quarantine.override.rule_id
            AND c.feed = quarantine.override.feed
            AND c.record_key = quarantine.override.record_key
    )
