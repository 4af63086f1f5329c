-- Reads: {{ table }}.
SELECT
    (SELECT COUNT(*) FROM {{ table }} WHERE {{ rule.checked }}) AS rows_checked,
    (SELECT COUNT(*) FROM ({{ rule.rows_of(table) }}) AS f) AS rows_of_query,
{% if rule.condition %}
    (SELECT COUNT(*) FROM {{ table }} WHERE {{ rule.condition }}) AS rows_of_condition
{% else %}
    (SELECT COUNT(*) FROM ({{ rule.rows_of(table) }}) AS f) AS rows_of_condition
{% endif %}
