SELECT
    endpoint,
    rule,
    stratification,
    stratum,
    immortal_time,
    months,
    events,
    censored
FROM derived.survival_count
WHERE stratification <> 'all'
