INSERT INTO ops.scope (patient_id)
SELECT l.patient_id
FROM clinical.lifespan AS l
INNER JOIN ops.touched_patient AS t ON l.person_id = t.patient_id
WHERE l.is_active
