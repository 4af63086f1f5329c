INSERT INTO ops.touched_patient (patient_id)
SELECT DISTINCT s.patient_id
FROM settled AS s
WHERE
    s.new_state <> s.old_state
    AND NOT EXISTS (
        SELECT 1
        FROM ops.touched_patient AS t
        WHERE t.patient_id = s.patient_id
    )
