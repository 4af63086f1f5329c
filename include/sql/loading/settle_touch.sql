INSERT INTO ops.touched_patient (patient_id)
SELECT DISTINCT s.patient_id
FROM settled AS s
WHERE
    s.new_state <> s.old_state
    AND s.patient_id NOT IN (SELECT t.patient_id FROM ops.touched_patient AS t)
