INSERT INTO ops.touched_patient (patient_id)
SELECT DISTINCT w.patient_id
FROM withdrawn AS w
WHERE
    w.version_state IN ('current', 'past')
    AND NOT EXISTS (
        SELECT 1
        FROM ops.touched_patient AS t
        WHERE t.patient_id = w.patient_id
    )
