UPDATE ops.load
SET
    state = 'rejected',
    reason = :why,
    decided_by = :who,
    decided_at = CAST(:now AS TIMESTAMP),
    rows_waiting = 0,
    rows_quarantined = rows_received
WHERE load_id = :load_id
