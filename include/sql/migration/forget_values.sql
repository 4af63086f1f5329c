-- Reads: found_value.
DELETE FROM before.decided
WHERE
    rule_id IS NOT NULL
    AND EXISTS (
        SELECT 1
        FROM found_value AS v
        WHERE
            v.decision_id = before.decided.decision_id
            AND v.feed = before.decided.feed
            AND v.record_key = before.decided.record_key
            AND v.rule_id = before.decided.rule_id
            AND v.old_hash = before.decided.old_hash
    )
