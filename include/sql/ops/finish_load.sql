UPDATE ops.load
SET
    state = :state,
    reason = :reason,
    reason_code = :reason_code,
    rows_received = :received,
    rows_loaded = :loaded,
    rows_updated = :updated,
    rows_unchanged = :unchanged,
    rows_quarantined = :quarantined,
    rows_waiting = :waiting,
    rows_failing = :failing,
    started_at = :started_at,
    finished_at = :finished_at
WHERE load_id = :load_id
