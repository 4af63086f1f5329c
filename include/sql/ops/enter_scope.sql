INSERT INTO ops.scope (patient_id, person_id, describes)
SELECT
    l.patient_id,
    l.person_id,
    l.describes
FROM clinical.lifespan AS l
INNER JOIN ops.touched_patient AS t ON l.person_id = t.patient_id
WHERE l.is_active
