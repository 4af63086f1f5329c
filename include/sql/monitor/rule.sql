{% from 'marts/rule_catalogue.sql' import of_rule with context %}
-- A rule with its threshold; what it said lately is in the marts.
SELECT
    {{ of_rule() }},
    t.high AS threshold_percent,
    t.minimum_rows
FROM reference.rule AS r
LEFT JOIN reference.threshold_in_force AS t ON t.kind = 'failing_' || r.severity AND r.feed = t.feed
WHERE r.rule_id = :rule_id
