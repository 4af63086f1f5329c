-- Reads: chosen_record.
INSERT INTO decision.subject (decision_id, feed, record_key, content)
SELECT DISTINCT
    CAST(:decision_id AS BIGINT) AS decision_id,
    feed,
    record_key,
    content
FROM chosen_record
