INSERT INTO ops.touched_patient (patient_id)
SELECT DISTINCT u.patient_id
FROM ops.unsettled_patient AS u
WHERE u.patient_id NOT IN (SELECT t.patient_id FROM ops.touched_patient AS t)
