UPDATE quarantine.record
SET
    state = CASE
        WHEN s.new_state = 'quarantined' THEN 'open'
        WHEN s.is_overridden THEN 'overridden'
        ELSE 'corrected'
    END,
    rule_ids = s.rule_ids,
    reason = CASE WHEN s.new_state = 'quarantined' THEN NULL ELSE 'the patient was announced' END,
    decided_by = CASE WHEN s.new_state = 'quarantined' THEN NULL ELSE 'registry' END,
    decided_at = CASE WHEN s.new_state = 'quarantined' THEN NULL ELSE CAST(:now AS TIMESTAMP) END
FROM settled AS s
WHERE
    quarantine.record.load_id = s.load_id
    AND quarantine.record.row_number = s.row_number
    AND quarantine.record.feed = '{{ feed }}'
    AND s.old_state = 'waiting'
    AND s.new_state <> 'waiting'
