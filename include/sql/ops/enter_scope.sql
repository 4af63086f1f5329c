INSERT INTO ops.scope (patient_id)
SELECT t.patient_id
FROM ops.touched_patient AS t
INNER JOIN clinical.lifespan AS l ON t.patient_id = l.patient_id
WHERE l.is_active
