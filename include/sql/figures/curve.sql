SELECT
    endpoint,
    rule,
    stratification,
    stratum,
    time_months,
    at_risk,
    censored,
    survival,
    ci_low,
    ci_high
FROM marts.survival_curve
WHERE ci_method = 'log-log'
ORDER BY endpoint ASC, rule ASC, stratification ASC, stratum ASC, time_months ASC
