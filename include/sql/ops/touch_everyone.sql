INSERT INTO ops.touched_patient (patient_id)
SELECT l.person_id
FROM (SELECT DISTINCT person_id FROM clinical.lifespan) AS l
WHERE NOT EXISTS (SELECT 1 FROM ops.touched_patient AS t WHERE t.patient_id = l.person_id)
