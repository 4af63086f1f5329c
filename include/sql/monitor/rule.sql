{% from 'marts/rule_catalogue.sql' import of_rule with context %}
-- A rule with its threshold and its SQL, as Great Expectations wrote it last; what it said lately is in the marts.
SELECT
    {{ of_rule() }},
    t.high AS threshold_percent,
    t.minimum_rows,
    c.failing_query
FROM reference.rule AS r
LEFT JOIN ops.compiled_rule AS c ON r.rule_id = c.rule_id
LEFT JOIN reference.threshold_in_force AS t ON t.kind = 'failing_' || r.severity AND r.feed = t.feed
WHERE r.rule_id = :rule_id
