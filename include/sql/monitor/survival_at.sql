-- Survival of each group at the months that the marts tell.
SELECT
    stratum,
    stratum_label,
    months,
    at_risk,
    survival,
    ci_low,
    ci_high
FROM marts.survival_at
WHERE
    endpoint = :endpoint
    AND rule = :rule
    AND criteria = :criteria
    AND entry = :entry
    AND stratification = :stratification
    AND ci_method = :ci_method
ORDER BY stratum_order ASC, months ASC
