SELECT
    endpoint,
    rule,
    entry,
    stratification,
    stratum,
    time_months,
    at_risk,
    censored,
    survival,
    ci_low,
    ci_high
FROM marts.survival_curve
WHERE ci_method = 'log-log' AND criteria IN ('none', 'mrecist')
ORDER BY endpoint ASC, rule ASC, entry ASC, stratification ASC, stratum ASC, time_months ASC
