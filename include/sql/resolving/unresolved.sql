-- The feeds that have facts which rows are not resolved by.
SELECT f.feed
FROM received.reading AS r
INNER JOIN received.file AS f ON r.load_id = f.load_id
LEFT JOIN resolved.reading AS d ON r.load_id = d.load_id AND r.reading = d.reading
WHERE {% include "resolving/says.sql" %} AND d.load_id IS NULL
UNION
SELECT s.feed
FROM decision.event AS e
INNER JOIN decision.subject AS s ON e.decision_id = s.decision_id OR (e.kind = 'undo' AND e.undoes = s.decision_id)
LEFT JOIN resolved.decision AS d ON e.decision_id = d.decision_id AND s.feed = d.feed
WHERE s.load_id IS NULL AND d.decision_id IS NULL
UNION
SELECT feed
FROM resolved.due
