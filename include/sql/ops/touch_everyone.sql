INSERT INTO ops.touched_patient (patient_id)
SELECT l.patient_id
FROM clinical.lifespan AS l
WHERE NOT EXISTS (SELECT 1 FROM ops.touched_patient AS t WHERE t.patient_id = l.patient_id)
