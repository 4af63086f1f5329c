-- Whose outcomes these are, and up to when.
SELECT
    patients,
    is_synthetic,
    data_cutoff_date,
    files_missing,
    small_cell
FROM marts.cohort
