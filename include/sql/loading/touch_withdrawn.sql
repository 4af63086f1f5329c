INSERT INTO ops.touched_patient (patient_id)
SELECT DISTINCT w.patient_id
FROM withdrawn AS w
WHERE
    w.version_state IN ('current', 'past')
    AND w.patient_id NOT IN (SELECT t.patient_id FROM ops.touched_patient AS t)
