-- Reads: {{ table }}.
SELECT
    "{{ group }}",
{% for rule in rules %}
    COUNT(*) FILTER (WHERE {{ rule.checked }}) AS checked_{{ loop.index }}{{ "," if not loop.last }}
{% endfor %}
FROM {{ table }}
GROUP BY "{{ group }}"
