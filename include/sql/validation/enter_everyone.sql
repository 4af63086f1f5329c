INSERT INTO ops.scope (patient_id)
SELECT patient_id
FROM clinical.lifespan
WHERE is_active
