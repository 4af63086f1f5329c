SELECT
    rule_id,
    COUNT(*) AS rows_failed
FROM resolved.finding
WHERE rule_id = ANY(CAST(:rule_ids AS TEXT[]))
GROUP BY rule_id
