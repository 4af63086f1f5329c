SELECT
    e.decision_id,
    e.kind,
    e.decided_by,
    CAST(e.decided_at AS TEXT) AS decided_at,
    e.reason,
    e.entered_by,
    e.undoes,
    COUNT(s.decision_id) AS subjects
FROM decision.event AS e
LEFT JOIN decision.subject AS s ON e.decision_id = s.decision_id
GROUP BY e.decision_id, e.kind, e.decided_by, e.decided_at, e.reason, e.entered_by, e.undoes
ORDER BY e.decision_id ASC
