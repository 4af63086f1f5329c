-- Every curve starts at time zero, whether or not anybody left on that day.
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
WHERE estimate = 'survival'
UNION ALL
SELECT DISTINCT
    endpoint,
    rule,
    criteria,
    entry,
    stratification,
    stratum,
    immortal_time,
    CAST(0 AS DOUBLE PRECISION) AS months,
    CAST(0 AS BIGINT) AS entered,
    CAST(0 AS BIGINT) AS events,
    CAST(0 AS BIGINT) AS censored
FROM derived.survival_count
WHERE estimate = 'survival'
