-- A time point is a day on which nobody leaves: the incidence is asked there and not changed.
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

SELECT
    counted.*,
    FALSE AS asked
FROM counted
UNION ALL
SELECT
    curve.endpoint,
    curve.rule,
    curve.criteria,
    curve.entry,
    curve.stratification,
    curve.stratum,
    curve.immortal_time,
    'none' AS cause,
    point.months,
    CAST(0 AS BIGINT) AS entered,
    CAST(0 AS BIGINT) AS events,
    CAST(0 AS BIGINT) AS censored,
    TRUE AS asked
FROM (
    SELECT DISTINCT
        endpoint,
        rule,
        criteria,
        entry,
        stratification,
        stratum,
        immortal_time
    FROM counted
) AS curve
CROSS JOIN reference.survival_month AS point
