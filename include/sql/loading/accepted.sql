CREATE TEMPORARY VIEW accepted AS
SELECT
    {{ of('r') }},
    r.row_number,
    {% if announces %}TRUE{% else %}l.patient_id IS NOT NULL{% endif %} AS is_announced
FROM staged_rows AS r
{% if not announces %}
LEFT JOIN clinical.lifespan AS l ON r.patient_id = l.patient_id
{% endif %}
WHERE r.row_number NOT IN (SELECT f.row_number FROM failure AS f)
