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
WHERE endpoint = 'os_treatment' AND rule = 'study' AND stratification = 'all'
