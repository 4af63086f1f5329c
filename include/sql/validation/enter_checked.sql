-- Reads: {{ table }}. Adds to: {{ target }}.
INSERT INTO {{ target }} ("{{ group }}", rule_id, rows_checked)
WITH counted AS MATERIALIZED (
    SELECT
        "{{ group }}" AS counted_group,
{% for rule in rules %}
        COUNT(*) FILTER (WHERE {{ rule.checked }}) AS checked_{{ loop.index }}{{ "," if not loop.last }}
{% endfor %}
    FROM {{ table }}
    GROUP BY "{{ group }}"
)

{% for rule in rules %}
SELECT
    counted_group,
    '{{ rule.rule_id }}' AS rule_id,
    checked_{{ loop.index }} AS rows_checked
FROM counted
{{ "UNION ALL" if not loop.last }}
{% endfor %}
