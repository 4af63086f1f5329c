-- Reads: staged.
SELECT
    file_number{{ "," if columns }}
{% for name in columns %}
    COUNT("{{ name }}") AS "{{ name }}"{{ "," if not loop.last }}
{% endfor %}
FROM staged
GROUP BY file_number
