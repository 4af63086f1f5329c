INSERT INTO ops.scope (patient_id, person_id, describes)
SELECT
    patient_id,
    person_id,
    describes
FROM clinical.lifespan
WHERE is_active
