INSERT INTO ops.touched_patient (patient_id)
SELECT k.patient_id
FROM changed_lifespan AS k
WHERE k.patient_id NOT IN (SELECT t.patient_id FROM ops.touched_patient AS t)
