-- Every curve starts at time zero, whether or not anybody left on that day.
WITH counted AS (
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
    WHERE estimate = 'incidence'
)

SELECT counted.*
FROM counted
UNION ALL
SELECT DISTINCT
    endpoint,
    rule,
    criteria,
    entry,
    stratification,
    stratum,
    immortal_time,
    'none' AS cause,
    CAST(0 AS DOUBLE PRECISION) AS months,
    CAST(0 AS BIGINT) AS entered,
    CAST(0 AS BIGINT) AS events,
    CAST(0 AS BIGINT) AS censored
FROM counted
