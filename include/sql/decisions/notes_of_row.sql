-- What people noted for the department about a row that is set aside, the latest first.
SELECT DISTINCT
    e.decision_id,
    e.decided_by,
    e.decided_at,
    e.reason
FROM (
    SELECT
        feed,
        content
    FROM quarantine.record
    WHERE load_id = :load_id AND row_number = :row_number
    UNION
    SELECT
        feed,
        content
    FROM quarantine.cell
    WHERE load_id = :load_id AND row_number = :row_number
) AS q
INNER JOIN decision.subject AS s ON q.feed = s.feed AND q.content = s.content
INNER JOIN decision.event AS e ON s.decision_id = e.decision_id
LEFT JOIN decision.event AS u ON e.decision_id = u.undoes
WHERE e.kind = 'note' AND u.decision_id IS NULL
ORDER BY e.decision_id DESC
