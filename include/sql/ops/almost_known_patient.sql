SELECT
    l.site,
    r.source,
    r.feed,
    l.batch_date,
    r.load_id,
    r.row_number,
    r.record_key,
    r.patient_id,
    k.known_patient_id
FROM quarantine.record AS r
INNER JOIN ops.load AS l ON r.load_id = l.load_id
INNER JOIN (
    SELECT
        patient_id,
        {% include "clinical/folded_id.sql" %} AS folded_id
    FROM quarantine.record
    WHERE state = 'waiting'
    GROUP BY patient_id
) AS w ON r.patient_id = w.patient_id
INNER JOIN (
    SELECT
        folded_id,
        MIN(patient_id) AS known_patient_id
    FROM clinical.folded_patient
    GROUP BY folded_id
) AS k ON w.folded_id = k.folded_id
WHERE r.state = 'waiting'
