SELECT
    r.test_code,
    SUM(CASE WHEN r.version_state = 'current' AND r.status <> 'cancelled' THEN 1 ELSE 0 END) AS results,
    COUNT(
        DISTINCT CASE
            WHEN r.version_state = 'current' AND r.status <> 'cancelled' THEN COALESCE(q.person_id, r.patient_id)
        END
    ) AS patients,
    MIN(r.first_batch_date) AS first_batch_date,
    MAX(CASE WHEN r.version_state = 'current' AND r.status <> 'cancelled' THEN r.batch_date END) AS last_batch_date
FROM clinical.results AS r
LEFT JOIN clinical.person AS q ON r.patient_id = q.patient_id
LEFT JOIN reference.analyte_code AS a ON r.test_code = a.loinc
WHERE r.test_code IS NOT NULL AND a.loinc IS NULL
GROUP BY r.test_code
HAVING SUM(CASE WHEN r.version_state = 'current' AND r.status <> 'cancelled' THEN 1 ELSE 0 END) > 0
