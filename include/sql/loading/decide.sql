UPDATE quarantine.record
SET
    state = :state,
    decided_by = :who,
    decided_at = CAST(:now AS TIMESTAMP),
    reason = :why
FROM chosen_record AS c
WHERE quarantine.record.load_id = c.load_id AND quarantine.record.row_number = c.row_number
