DELETE FROM {{ table.name }}
USING changed
WHERE
    {{ table.name }}.patient_id = changed.patient_id
{% for name in table.key %}
    AND COALESCE(CAST({{ table.name }}."{{ name }}" AS TEXT), '') = COALESCE(CAST(changed."{{ name }}" AS TEXT), '')
{% endfor %}
