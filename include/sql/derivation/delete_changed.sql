DELETE FROM {{ table }}
USING changed
WHERE
    {{ table }}.patient_id = changed.patient_id
{% for name in key %}
    AND COALESCE(CAST({{ table }}."{{ name }}" AS TEXT), '') = COALESCE(CAST(changed."{{ name }}" AS TEXT), '')
{% endfor %}
