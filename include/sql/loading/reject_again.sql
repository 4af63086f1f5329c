UPDATE quarantine.record
SET
    state = 'rejected',
    reason = 'a row that says the same was rejected before',
    decided_by = 'registry',
    decided_at = CAST(:now AS TIMESTAMP)
WHERE
    load_id = :load_id
    AND state = 'open'
    AND EXISTS (
        SELECT 1
        FROM quarantine.record AS r
        WHERE r.state = 'rejected' AND r.feed = quarantine.record.feed AND r.content = quarantine.record.content
    )
