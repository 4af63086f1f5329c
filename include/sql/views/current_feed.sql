-- The rows that count: current versions, not cancelled{% if persons %}, of the ids in `{{ persons }}`, each as its person's{% endif %}.
SELECT
    {{ columns }}{% if with_place %},
    r.load_id,
    r.row_number{% endif %}

FROM received.{{ feed }} AS r
INNER JOIN resolved.reading AS d ON r.load_id = d.load_id AND r.reading = d.reading
{% if persons %}
INNER JOIN {{ persons }} AS l ON r.patient_id = l.patient_id{% if announces %} AND l.describes{% endif %}

{% endif %}
LEFT JOIN resolved.fate AS x
    ON x.feed = '{{ feed }}' AND r.load_id = x.load_id AND r.row_number = x.row_number AND r.reading = x.reading
WHERE
    r.status <> 'cancelled'
    AND COALESCE(x.version_state, CASE WHEN x.load_id IS NULL THEN 'current' END) = 'current'
