UPDATE quarantine.record
SET
    state = CASE WHEN s.is_overridden THEN 'overridden' ELSE 'corrected' END,
    reason = CASE
        WHEN s.is_overridden THEN COALESCE(:why, 'these values were overridden before')
        ELSE 'the patient''s birth or death was corrected'
    END,
    decided_by = CASE WHEN s.is_overridden THEN COALESCE(:who, 'registry') ELSE 'registry' END,
    decided_at = CAST(:now AS TIMESTAMP)
FROM settled AS s
WHERE
    quarantine.record.load_id = s.load_id
    AND quarantine.record.row_number = s.row_number
    AND quarantine.record.feed = '{{ feed }}'
    AND quarantine.record.state = 'open'
    AND s.old_state = 'quarantined'
    AND s.new_state IN ('current', 'past')
