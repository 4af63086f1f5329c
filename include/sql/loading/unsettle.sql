INSERT INTO ops.unsettled_patient (feed, patient_id)
SELECT DISTINCT
    n.feed,
    n.patient_id
FROM (
{% for feed in feeds %}
    SELECT
        '{{ feed }}' AS feed,
        patient_id
    FROM clinical.{{ feed }}
    {% if not loop.last %}UNION ALL{% endif %}
{% endfor %}
) AS n
INNER JOIN changed_lifespan AS k ON n.patient_id = k.patient_id
WHERE
    NOT EXISTS (
        SELECT 1
        FROM ops.unsettled_patient AS u
        WHERE u.feed = n.feed AND u.patient_id = n.patient_id
    )
