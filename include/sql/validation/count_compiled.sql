-- Reads: {{ table }}.
-- How many rows each rule looks at, and how many of them fail it.
SELECT
{% for rule in rules %}
    COUNT(*) FILTER (WHERE {{ rule.checked }}) AS checked_{{ loop.index }},
{% if rule.condition %}
    COUNT(*) FILTER (WHERE {{ rule.condition }}) AS failing_{{ loop.index }}{{ "," if not loop.last }}
{% else %}
    (SELECT COUNT(*) FROM ({{ rule.rows_of(table) }}) AS f) AS failing_{{ loop.index }}{{ "," if not loop.last }}
{% endif %}
{% endfor %}
FROM {{ table }}
