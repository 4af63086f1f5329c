-- The log-rank test between the groups.
SELECT
    groups,
    statistic,
    df,
    p_value,
    immortal_time
FROM marts.survival_comparison
WHERE
    endpoint = :endpoint
    AND rule = :rule
    AND criteria = :criteria
    AND entry = :entry
    AND stratification = :stratification
ORDER BY stratification ASC
