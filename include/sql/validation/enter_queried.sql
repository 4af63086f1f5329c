-- Reads: {{ table }}. Adds to: {{ target }}.
INSERT INTO {{ target }} (row_number, rule_id, level, severity)
{% for rule in rules %}
SELECT
    row_number,
    '{{ rule.rule_id }}' AS rule_id,
    '{{ rule.level }}' AS level,
    '{{ rule.severity }}' AS severity
FROM ({{ rule.rows_of(table) }}) AS f
{{ "UNION ALL" if not loop.last }}
{% endfor %}
