INSERT INTO resolved.decision (decision_id, feed)
SELECT DISTINCT
    e.decision_id,
    s.feed
FROM decision.event AS e
INNER JOIN decision.subject AS s ON e.decision_id = s.decision_id OR (e.kind = 'undo' AND e.undoes = s.decision_id)
WHERE
    s.feed = '{{ f.name }}'
    AND s.load_id IS NULL
    AND NOT EXISTS (
        SELECT 1
        FROM resolved.decision AS d
        WHERE d.decision_id = e.decision_id AND d.feed = s.feed
    )
