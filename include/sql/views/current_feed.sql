{% from 'views/few.sql' import among_few with context %}
-- The rows that count: current versions, not cancelled, of persons who count, each as its person's; of the rows of patients
-- those that describe a person. Most rows count, which PostgreSQL's planner does not see in a comparison with a COALESCE.
SELECT
    {{ columns }}{% if in_scope %},
    r.load_id,
    r.row_number,
    r.{{ f.key }} AS record_key{% endif %}

{% if in_scope %}
FROM (
    SELECT *
    FROM received.{{ f.name }}
    WHERE
        patient_id IN (SELECT s.patient_id FROM ops.scope AS s)
{% if f.is_duckdb %}
        AND {{ among_few() }}
{% endif %}
) AS r
{% else %}
FROM received.{{ f.name }} AS r
{% endif %}
INNER JOIN resolved.reading AS d ON r.load_id = d.load_id AND r.reading = d.reading
{% if in_scope %}
LEFT JOIN clinical.person AS p ON r.patient_id = p.patient_id
{% elif f.of_patients %}
INNER JOIN clinical.lifespan AS p ON r.patient_id = p.patient_id AND p.is_active
{% endif %}
LEFT JOIN resolved.fate AS x
    ON x.feed = '{{ f.name }}' AND r.load_id = x.load_id AND r.row_number = x.row_number AND r.reading = x.reading
WHERE
    r.status <> 'cancelled'
    AND COALESCE(x.version_state = 'current', x.load_id IS NULL)
{% if f.announces %}
    AND r.patient_id IN (SELECT l.patient_id FROM clinical.lifespan AS l WHERE l.describes)
{% endif %}
