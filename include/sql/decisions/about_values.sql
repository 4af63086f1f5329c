-- Reads: chosen_record, chosen_failure.
-- The values for which rules are overridden, or are no more.
INSERT INTO decision.subject (decision_id, feed, record_key, rule_id, value_hash)
SELECT DISTINCT
    CAST(:decision_id AS BIGINT) AS decision_id,
    f.feed,
    f.record_key,
    f.rule_id,
    f.value_hash
FROM chosen_failure AS f
INNER JOIN chosen_record AS c ON f.load_id = c.load_id AND f.row_number = c.row_number
WHERE
    f.record_key IS NOT NULL
    AND CASE
        WHEN CAST(:overridden AS BOOLEAN) THEN c.state = 'overridden' AND f.decision_id IS NOT NULL
        ELSE f.decision_id IS NULL AND f.rule_id = ANY(CAST(:rule_ids AS TEXT[]))
    END
