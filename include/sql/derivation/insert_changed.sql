INSERT INTO {{ table.name }} (
{% for name in columns %}
    "{{ name }}",
{% endfor %}
    derived_at
)
SELECT
{% for name in columns %}
    "{{ name }}",
{% endfor %}
    CAST(:derived_at AS TIMESTAMP) AS derived_at
FROM changed
WHERE NOT is_gone
