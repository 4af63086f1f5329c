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
    censored,
    CAST(0 AS BIGINT) AS not_evaluable
FROM derived.survival_count
WHERE endpoint = 'os_treatment' AND rule = 'study' AND estimate = 'survival' AND stratification = 'all'
UNION ALL
SELECT
    endpoint,
    rule,
    criteria,
    entry,
    'all' AS stratification,
    'all' AS stratum,
    FALSE AS immortal_time,
    CAST(NULL AS DOUBLE PRECISION) AS months,
    CAST(0 AS BIGINT) AS entered,
    CAST(0 AS BIGINT) AS events,
    CAST(0 AS BIGINT) AS censored,
    COUNT(*) AS not_evaluable
FROM derived.survival_interval
WHERE endpoint = 'os_treatment' AND rule = 'study' AND estimate = 'survival' AND days IS NULL
GROUP BY endpoint, rule, criteria, entry
