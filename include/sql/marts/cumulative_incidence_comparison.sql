SELECT
    endpoint,
    rule,
    criteria,
    entry,
    stratification,
    stratum,
    immortal_time,
    cause,
    months,
    entered,
    events,
    censored
FROM derived.survival_count
WHERE estimate = 'incidence' AND stratification <> 'all'
