-- What people decided, the latest first.
SELECT
    e.decision_id,
    e.kind,
    e.decided_by,
    e.decided_at,
    e.reason,
    e.entered_by,
    e.undoes,
    COUNT(s.decision_id) AS subjects,
    (SELECT COUNT(*) FROM decision.event AS u WHERE u.undoes = e.decision_id) > 0 AS is_undone
FROM decision.event AS e
LEFT JOIN decision.subject AS s ON e.decision_id = s.decision_id
GROUP BY e.decision_id, e.kind, e.decided_by, e.decided_at, e.reason, e.entered_by, e.undoes
ORDER BY e.decision_id DESC
LIMIT :most OFFSET :skipped
