INSERT INTO ops.touched_patient (patient_id)
SELECT k.patient_id
FROM changed_lifespan AS k
WHERE
    NOT EXISTS (
        SELECT 1
        FROM ops.touched_patient AS t
        WHERE t.patient_id = k.patient_id
    )
