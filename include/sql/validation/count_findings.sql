SELECT
    rule_id,
    COUNT(*) AS rows_failed
FROM resolved.finding
WHERE rule_id IN ({% for rule_id in rule_ids %}'{{ rule_id }}'{{ ", " if not loop.last }}{% endfor %})
GROUP BY rule_id
