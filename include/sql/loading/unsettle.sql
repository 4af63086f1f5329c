INSERT INTO ops.unsettled_patient (feed, patient_id)
SELECT
    f.feed,
    k.patient_id
FROM known_lifespan AS k
CROSS JOIN (VALUES {% for feed in feeds %}('{{ feed }}'){{ ", " if not loop.last }}{% endfor %}) AS f (feed)
LEFT JOIN clinical.lifespan AS l ON k.patient_id = l.patient_id
WHERE
    (
        l.patient_id IS NULL
        OR l.birth_date IS DISTINCT FROM k.birth_date
        OR l.death_date IS DISTINCT FROM k.death_date
    )
    AND NOT EXISTS (
        SELECT 1
        FROM ops.unsettled_patient AS u
        WHERE u.feed = f.feed AND u.patient_id = k.patient_id
    )
