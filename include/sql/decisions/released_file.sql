UPDATE ops.load
SET
    state = 'released',
    reason = :why,
    decided_by = :who,
    decided_at = CAST(:now AS TIMESTAMP),
    rows_waiting = rows_received,
    rows_quarantined = 0
WHERE load_id = :load_id
