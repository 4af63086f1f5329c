SELECT
    endpoint,
    median_months AS median,
    median_ci_low AS lcl,
    median_ci_high AS ucl
FROM marts.survival_summary
WHERE
    rule = 'study' AND criteria IN ('none', 'mrecist') AND entry = 'time zero'
    AND stratification = 'all' AND ci_method = 'plain'
