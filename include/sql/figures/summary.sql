SELECT
    endpoint,
    rule,
    entry,
    stratification,
    stratum,
    COALESCE(stratum_label, stratum) AS stratum_label,
    stratum_order,
    immortal_time,
    patients,
    events,
    median_months,
    median_ci_low,
    median_ci_high
FROM marts.survival_summary
WHERE ci_method = 'log-log' AND criteria IN ('none', 'mrecist')
