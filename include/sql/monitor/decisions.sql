-- What people decided, the latest first; rows that say the same are one row here.
SELECT
    e.decision_id,
    e.kind,
    e.decided_by,
    e.decided_at,
    e.reason,
    e.entered_by,
    e.undoes,
    COUNT(s.decision_id) FILTER (WHERE s.content IS NOT NULL) AS row_count,
    MAX(s.load_id) AS load_id,
    (SELECT COUNT(*) FROM decision.event AS u WHERE u.undoes = e.decision_id) > 0 AS is_undone,
    COUNT(*) OVER () AS total
FROM decision.event AS e
LEFT JOIN decision.subject AS s ON e.decision_id = s.decision_id
WHERE CAST(:kind AS TEXT) IS NULL OR e.kind = :kind
GROUP BY e.decision_id, e.kind, e.decided_by, e.decided_at, e.reason, e.entered_by, e.undoes
ORDER BY e.decision_id DESC
LIMIT :most OFFSET :skipped
