-- Reads: found_value.
INSERT INTO decision.subject (decision_id, feed, record_key, rule_id, value_hash)
SELECT DISTINCT
    decision_id,
    feed,
    record_key,
    rule_id,
    value_hash
FROM found_value
