-- The steps of an analysis's curves.
SELECT
    stratum,
    stratum_label,
    time_months,
    at_risk,
    events,
    censored,
    survival,
    ci_low,
    ci_high
FROM marts.survival_curve
WHERE
    endpoint = :endpoint
    AND rule = :rule
    AND criteria = :criteria
    AND entry = :entry
    AND stratification = :stratification
    AND ci_method = :ci_method
ORDER BY stratum_order ASC, time_months ASC
