SELECT
    endpoint,
    rule,
    criteria,
    entry,
    patients,
    events,
    median_months,
    median_ci_low,
    median_ci_high
FROM marts.survival_summary
WHERE stratification = 'all' AND ci_method = 'log-log'
ORDER BY endpoint ASC, rule ASC, criteria ASC, entry ASC
