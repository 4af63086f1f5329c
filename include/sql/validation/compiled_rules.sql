SELECT
    rule_id,
    fingerprint,
    fails_when,
    failing_query,
    checked_when
FROM ops.compiled_rule
WHERE rule_id = ANY(CAST(:rule_ids AS TEXT[]))
