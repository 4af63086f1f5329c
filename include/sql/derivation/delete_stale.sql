DELETE FROM {{ table }}
USING (
    SELECT
        {{ columns }},
        rule_version
    FROM {{ table }}
    WHERE patient_id IN (SELECT patient_id FROM ops.touched_patient)
    EXCEPT
    SELECT
        {{ columns }},
        rule_version
    FROM fresh
) AS stale
WHERE
    {{ table }}.patient_id = stale.patient_id
{% for name in key %}
    AND COALESCE(CAST({{ table }}."{{ name }}" AS TEXT), '') = COALESCE(CAST(stale."{{ name }}" AS TEXT), '')
{% endfor %}
