-- The rows that only one of two tables has, by key.
SELECT
{% for name in key %}
    CAST("{{ name }}" AS TEXT) AS "{{ name }}",
{% endfor %}
    COUNT(*) AS differing
FROM (
    (SELECT {{ columns | join(", ") }} FROM {{ left }} EXCEPT ALL SELECT {{ columns | join(", ") }} FROM {{ right }})
    UNION ALL
    (SELECT {{ columns | join(", ") }} FROM {{ right }} EXCEPT ALL SELECT {{ columns | join(", ") }} FROM {{ left }})
) AS apart
{% if key %}
GROUP BY {% for name in key %}"{{ name }}"{{ ", " if not loop.last }}{% endfor %}

ORDER BY {% for name in key %}"{{ name }}" ASC NULLS LAST{{ ", " if not loop.last }}{% endfor %}

{% else %}
HAVING COUNT(*) > 0
{% endif %}
