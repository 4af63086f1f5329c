SELECT
    decided_at,
    from_state,
    to_state,
    decided_by,
    reason
FROM quarantine.decision
WHERE
    load_id = :load_id
    AND (row_number = :row_number OR (CAST(:row_number AS BIGINT) IS NULL AND subject = 'file'))
ORDER BY decided_at ASC, decision_id ASC
