-- Up to which day the marts reach, and whether all patients are invented: the sample study's ids begin with SYN.
SELECT
    MAX(data_cutoff_date) AS data_cutoff_date,
    (
        SELECT COUNT(*) > 0 AND COUNT(*) = COUNT(CASE WHEN patient_id LIKE 'SYN-%' THEN 1 END)
        FROM clinical.lifespan
    ) AS is_synthetic
FROM marts.metric_definition
