-- Observed follow-up, months, of those whom the printed minimum leaves in: without who died in the month after the
-- first procedure.
SELECT
    COUNT(os_months) AS n,
    AVG(os_months) AS mean,
    STDDEV_SAMP(os_months) AS sd,
    PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY os_months) AS median,
    MIN(os_months) AS min,
    MAX(os_months) AS max
FROM marts.patient_outcome
WHERE NOT (os_event AND os_months < 1)
