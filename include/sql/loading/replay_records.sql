UPDATE quarantine.record
SET
    state = CASE
        WHEN m.fate = 'quarantined' THEN 'open'
        WHEN m.fate = 'waiting' THEN 'waiting'
        WHEN m.is_overridden AND m.fate <> 'unchanged' THEN 'overridden'
        ELSE 'corrected'
    END,
    rule_ids = COALESCE(m.rule_ids, quarantine.record.rule_ids),
    reason = CASE
        WHEN m.fate = 'quarantined' THEN quarantine.record.reason
        WHEN m.fate = 'unchanged' THEN 'an identical row is in the record'
        WHEN m.is_overridden THEN :why
        WHEN m.fate = 'waiting' THEN 'the clinic has not announced the patient yet'
        ELSE 'the row passes the rules of now'
    END,
    decided_by = CASE
        WHEN m.fate = 'quarantined' THEN quarantine.record.decided_by
        WHEN m.is_overridden AND m.fate <> 'unchanged' THEN :who
        WHEN m.fate <> 'waiting' THEN 'registry'
    END,
    decided_at = CASE
        WHEN m.fate = 'quarantined' THEN quarantine.record.decided_at
        WHEN m.fate <> 'waiting' THEN CAST(:now AS TIMESTAMP)
    END
FROM replayed AS m
WHERE quarantine.record.load_id = :load_id AND quarantine.record.row_number = m.row_number
