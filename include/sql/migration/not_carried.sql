SELECT COUNT(*)
FROM (
    SELECT DISTINCT
        decision_id,
        feed,
        record_key,
        rule_id,
        old_hash
    FROM before.decided
) AS d
