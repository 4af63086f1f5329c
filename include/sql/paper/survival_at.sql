SELECT
    months,
    100 * survival AS surv,
    100 * ci_low AS lcl,
    100 * ci_high AS ucl
FROM marts.survival_at
WHERE endpoint = 'os_treatment' AND rule = 'study' AND stratification = 'all' AND ci_method = 'plain'
