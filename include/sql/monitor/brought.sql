-- What a night brought into the record: how many keys of each kind came for the first time, and of how many patients.
{% macro new(what, feed, condition) %}
SELECT
    '{{ what }}' AS what,
    COUNT({{ 'DISTINCT patient_id' if what == 'deaths' else '*' }}) AS entries,
    COUNT(DISTINCT patient_id) AS patients
FROM clinical.{{ feed }}
WHERE first_batch_date = CAST(:day AS DATE) AND version_state = 'current' AND status <> 'cancelled'{{ condition }}
{%- endmacro %}
{{ new('patients', 'patients', '') }}
UNION ALL
{{ new('procedures', 'procedures', '') }}
UNION ALL
{{ new('exams', 'exams', '') }}
UNION ALL
{{ new('reports', 'reports', '') }}
UNION ALL
{{ new('adverse_events', 'adverse_events', '') }}
UNION ALL
{{ new('deaths', 'visits', " AND vital_status = 'dead'") }}
