-- Persons with a result that the limits of its site's laboratory may be of.
INSERT INTO ops.touched_patient (patient_id)
SELECT DISTINCT COALESCE(q.person_id, r.patient_id)
FROM received.results AS r
INNER JOIN received.file AS f ON r.load_id = f.load_id
INNER JOIN (
    SELECT DISTINCT
        site,
        test_code
    FROM ops.site_limit
) AS s ON f.site = s.site AND r.test_code = s.test_code
LEFT JOIN clinical.person AS q ON r.patient_id = q.patient_id
WHERE
    r.reference_high IS NULL
    AND NOT EXISTS (SELECT 1 FROM ops.touched_patient AS t WHERE t.patient_id = COALESCE(q.person_id, r.patient_id))
