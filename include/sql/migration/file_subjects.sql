INSERT INTO decision.subject (decision_id, feed, load_id)
SELECT DISTINCT
    decision_id,
    feed,
    load_id
FROM before.decided
WHERE kind IN ('release', 'reject_file')
