UPDATE quarantine.record
SET
    state = 'open',
    rule_ids = s.rule_ids,
    reason = NULL,
    decided_by = NULL,
    decided_at = NULL
FROM settled AS s
WHERE
    quarantine.record.load_id = s.load_id
    AND quarantine.record.row_number = s.row_number
    AND quarantine.record.feed = '{{ feed }}'
    AND s.old_state IN ('current', 'past')
    AND s.new_state = 'quarantined'
