{% from 'views/few.sql' import among_few with context %}
CREATE VIEW scope.{{ table }} AS
SELECT *
FROM {{ schema }}.{{ table }}
WHERE
    patient_id IN (SELECT patient_id FROM ops.scope)
{% if is_duckdb %}
    AND {{ among_few() }}
{% endif %}
