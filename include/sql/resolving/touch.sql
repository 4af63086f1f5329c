{% from 'resolving/of_few.sql' import of_few with context %}
-- Reads: new_reading, fate, previous.
-- Persons whose versions come, go or change places, or whose cells are set aside or count again.
INSERT INTO ops.touched_patient (patient_id)
SELECT DISTINCT COALESCE(q.person_id, c.patient_id)
FROM (
    SELECT r.patient_id
    FROM received.{{ f.name }} AS r
    INNER JOIN new_reading AS n ON r.load_id = n.load_id AND r.reading = n.reading AND n.is_new{{ of_few(loads, 'r') }}
    LEFT JOIN fate AS t ON r.load_id = t.load_id AND r.row_number = t.row_number AND r.reading = t.reading
    WHERE t.load_id IS NULL
    UNION
    SELECT v.patient_id
    FROM (
        {% include "resolving/changed_version.sql" %}

    ) AS v
) AS c
LEFT JOIN clinical.person AS q ON c.patient_id = q.patient_id
WHERE
    c.patient_id IS NOT NULL
    AND NOT EXISTS (
        SELECT 1
        FROM ops.touched_patient AS t
        WHERE t.patient_id = COALESCE(q.person_id, c.patient_id)
    )
