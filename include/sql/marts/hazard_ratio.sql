SELECT
    endpoint,
    rule,
    criteria,
    entry,
    stratification,
    stratum,
    immortal_time,
    months,
    entered,
    events,
    censored
FROM derived.survival_count
WHERE estimate = 'survival' AND stratification <> 'all'
