UPDATE quarantine.record
SET
    state = 'corrected',
    reason = 'the patient''s birth or death was corrected',
    decided_by = 'registry',
    decided_at = CAST(:now AS TIMESTAMP)
FROM settled AS s
WHERE
    quarantine.record.load_id = s.load_id
    AND quarantine.record.row_number = s.row_number
    AND quarantine.record.feed = '{{ feed }}'
    AND s.old_state = 'quarantined'
    AND s.new_state IN ('current', 'past')
