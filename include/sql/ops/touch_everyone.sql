INSERT INTO ops.touched_patient (patient_id)
SELECT patient_id
FROM clinical.lifespan
WHERE patient_id NOT IN (SELECT patient_id FROM ops.touched_patient)
