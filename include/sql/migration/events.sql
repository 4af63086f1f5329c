INSERT INTO decision.event (decision_id, kind, decided_by, decided_at, reason)
SELECT DISTINCT
    decision_id,
    kind,
    decided_by,
    decided_at,
    reason
FROM before.decided
