CREATE TEMPORARY VIEW accepted AS
SELECT
    {{ of('r') }},
    r.row_number,
    {% if announces %}TRUE{% else %}l.patient_id IS NOT NULL{% endif %} AS is_announced,
    r.row_number NOT IN (SELECT b.row_number FROM failure AS b WHERE b.context = 'lifespan') AS is_possible
FROM staged_rows AS r
{% if not announces %}
LEFT JOIN clinical.lifespan AS l ON r.patient_id = l.patient_id
{% endif %}
WHERE NOT EXISTS (SELECT 1 FROM failure AS f WHERE f.row_number = r.row_number AND f.context <> 'lifespan')
