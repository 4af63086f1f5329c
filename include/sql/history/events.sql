SELECT
    decision_id,
    kind,
    decided_by,
    decided_at,
    reason,
    entered_by,
    undoes
FROM decision.event
ORDER BY decision_id ASC
