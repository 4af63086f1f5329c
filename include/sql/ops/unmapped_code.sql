SELECT
    r.test_code,
    COUNT(*) FILTER (WHERE r.version_state = 'current' AND r.status <> 'cancelled') AS results,
    COUNT(DISTINCT COALESCE(q.person_id, r.patient_id))
        FILTER (WHERE r.version_state = 'current' AND r.status <> 'cancelled') AS patients,
    MIN(r.first_batch_date) AS first_batch_date,
    MAX(r.batch_date) FILTER (WHERE r.version_state = 'current' AND r.status <> 'cancelled') AS last_batch_date
FROM clinical.results AS r
LEFT JOIN clinical.person AS q ON r.patient_id = q.patient_id
LEFT JOIN reference.analyte_code AS a ON r.test_code = a.loinc
WHERE r.test_code IS NOT NULL AND a.loinc IS NULL
GROUP BY r.test_code
HAVING COUNT(*) FILTER (WHERE r.version_state = 'current' AND r.status <> 'cancelled') > 0
