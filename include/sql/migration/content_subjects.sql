-- Reads: found_content.
INSERT INTO decision.subject (decision_id, feed, record_key, content)
SELECT DISTINCT
    decision_id,
    feed,
    record_key,
    content
FROM found_content
