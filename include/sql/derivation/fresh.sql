CREATE TEMPORARY TABLE fresh AS
SELECT
{% for name in columns %}
    "{{ name }}"{{ "," if not loop.last }}
{% endfor %}
FROM {{ table }}
WHERE FALSE
