{% from 'views/few.sql' import among_few with context %}
CREATE TEMPORARY TABLE changed AS
SELECT
{% for name in columns %}
{% if name in table.key or name == "patient_id" %}
    COALESCE(fresh."{{ name }}", held."{{ name }}") AS "{{ name }}",
{% else %}
    fresh."{{ name }}",
{% endif %}
{% endfor %}
    fresh.patient_id IS NULL AS is_gone
FROM fresh
FULL JOIN (
    SELECT *
    FROM {{ table.name }}
    WHERE
        patient_id IN (SELECT patient_id FROM ops.touched_patient)
{% if is_duckdb %}
        AND {{ among_few() }}
{% endif %}
) AS held
    ON
        fresh.patient_id = held.patient_id
{% for name in table.key %}
        AND COALESCE(CAST(fresh."{{ name }}" AS TEXT), '') = COALESCE(CAST(held."{{ name }}" AS TEXT), '')
{% endfor %}
WHERE
    fresh.patient_id IS NULL
    OR held.patient_id IS NULL
{% for name in columns %}
    OR fresh."{{ name }}" IS DISTINCT FROM held."{{ name }}"
{% endfor %}
