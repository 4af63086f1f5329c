SELECT
    rule_id,
    fingerprint,
    fails_when,
    failing_query,
    checked_when
FROM ops.compiled_rule
WHERE rule_id IN ({% for rule_id in rule_ids %}'{{ rule_id }}'{{ ", " if not loop.last }}{% endfor %})
