INSERT INTO decision.subject (decision_id, feed, load_id)
SELECT
    CAST(:decision_id AS BIGINT) AS decision_id,
    feed,
    load_id
FROM received.file
WHERE load_id = :load_id
