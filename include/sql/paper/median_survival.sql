SELECT
    endpoint,
    median_months AS median,
    median_ci_low AS lcl,
    median_ci_high AS ucl
FROM marts.survival_summary
WHERE rule = 'study' AND stratification = 'all' AND ci_method = 'plain'
