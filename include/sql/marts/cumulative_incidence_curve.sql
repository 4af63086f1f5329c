-- Every curve starts at time zero, whether or not anybody left on that day.
WITH counted AS (
    SELECT
        c.endpoint,
        c.rule,
        c.criteria,
        c.entry,
        c.stratification,
        c.stratum,
        c.immortal_time,
        c.cause,
        c.months,
        c.entered,
        c.events,
        c.censored
    FROM derived.survival_count AS c
    INNER JOIN reference.competing_endpoint AS k ON c.endpoint = k.endpoint AND c.rule = k.rule
    WHERE c.entry = 'time zero'
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
