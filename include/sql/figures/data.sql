-- Up to which day the marts reach, and whether all patients are invented.
SELECT
    data_cutoff_date,
    is_synthetic
FROM marts.cohort
