SELECT
    kind,
    (SELECT COUNT(*) FROM decision.event AS u WHERE u.undoes = e.decision_id) AS undone
FROM decision.event AS e
WHERE decision_id = :decision_id
