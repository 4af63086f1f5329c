-- Reads: {{ table }}. Adds to: {{ target }}.
-- One scan finds the rows that fail any rule; what each of them fails is noted beside it.
INSERT INTO {{ target }} (row_number, rule_id, level, severity)
WITH suspect AS MATERIALIZED (
    SELECT s.*
    FROM (
        SELECT
            row_number,
{% for rule in rules %}
            ({{ rule.condition }}) AS fails_{{ loop.index }}{{ "," if not loop.last }}
{% endfor %}
        FROM {{ table }}
    ) AS s
    WHERE
{% for rule in rules %}
        {{ "OR " if not loop.first }}s.fails_{{ loop.index }}
{% endfor %}
)

{% for rule in rules %}
SELECT
    row_number,
    '{{ rule.rule_id }}' AS rule_id,
    '{{ rule.level }}' AS level,
    '{{ rule.severity }}' AS severity
FROM suspect
WHERE fails_{{ loop.index }}
{{ "UNION ALL" if not loop.last }}
{% endfor %}
