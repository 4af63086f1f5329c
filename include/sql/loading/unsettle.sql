INSERT INTO ops.unsettled_patient (patient_id)
SELECT k.patient_id
FROM known_lifespan AS k
LEFT JOIN clinical.lifespan AS l ON k.patient_id = l.patient_id
WHERE
    (
        l.patient_id IS NULL
        OR l.birth_date IS DISTINCT FROM k.birth_date
        OR l.death_date IS DISTINCT FROM k.death_date
    )
    AND k.patient_id NOT IN (SELECT u.patient_id FROM ops.unsettled_patient AS u)
