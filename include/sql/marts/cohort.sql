-- The sample study's ids begin with SYN.
SELECT
    COUNT(*) AS patients,
    COUNT(*) > 0 AND COUNT(*) = COUNT(CASE WHEN patient_id LIKE 'SYN-%' THEN 1 END) AS is_synthetic
FROM clinical.current_patients
