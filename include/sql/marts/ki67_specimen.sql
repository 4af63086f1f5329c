SELECT
    r.specimen,
    CASE WHEN r.after_treatment THEN 'after' ELSE 'before' END AS moment,
    COUNT(DISTINCT r.patient_id) AS patients,
    COUNT(*) AS reports,
    PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY r.ki67_percent) AS median,
    MIN(r.ki67_percent) AS min,
    MAX(r.ki67_percent) AS max,
    '%' AS unit
FROM derived.report_grade AS r
INNER JOIN derived.treatment_session AS s ON r.patient_id = s.patient_id AND s.session_number = 1
WHERE r.ki67_percent IS NOT NULL
GROUP BY r.specimen, r.after_treatment
