-- Reads: changed_lifespan.
INSERT INTO ops.touched_patient (patient_id)
SELECT c.patient_id
FROM changed_lifespan AS c
WHERE
    NOT EXISTS (
        SELECT 1
        FROM ops.touched_patient AS t
        WHERE t.patient_id = c.patient_id
    )
