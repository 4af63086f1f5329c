SELECT
    r.test_code,
    COUNT(*) AS results,
    COUNT(DISTINCT COALESCE(q.person_id, r.patient_id)) AS patients,
    MIN(r.batch_date) AS first_batch_date,
    MAX(r.batch_date) AS last_batch_date
FROM clinical.results AS r
LEFT JOIN clinical.person AS q ON r.patient_id = q.patient_id
LEFT JOIN reference.analyte_code AS a ON r.test_code = a.loinc
WHERE r.version_state = 'current' AND r.status <> 'cancelled' AND r.test_code IS NOT NULL AND a.loinc IS NULL
GROUP BY r.test_code
