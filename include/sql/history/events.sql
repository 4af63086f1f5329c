SELECT
    decision_id,
    kind,
    decided_by,
    decided_at,
    reason,
    undoes
FROM decision.event
ORDER BY decision_id ASC
