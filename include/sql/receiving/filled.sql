-- Reads: staged.
SELECT
    file_number{{ "," if f.optional }}
{% for name in f.optional %}
    COUNT("{{ name }}") AS "{{ name }}"{{ "," if not loop.last }}
{% endfor %}
FROM staged
GROUP BY file_number
