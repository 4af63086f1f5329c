UPDATE quarantine.record
SET rule_ids = s.rule_ids
FROM settled AS s
WHERE
    quarantine.record.load_id = s.load_id
    AND quarantine.record.row_number = s.row_number
    AND quarantine.record.feed = '{{ feed }}'
    AND s.old_state = 'quarantined'
    AND s.new_state = 'quarantined'
    AND s.rule_ids IS NOT NULL
