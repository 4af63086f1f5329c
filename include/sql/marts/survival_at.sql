-- A time point is a day on which nobody leaves: the curve is asked there and not changed.
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
    FALSE AS asked
FROM derived.survival_count
WHERE estimate = 'survival'
UNION ALL
SELECT
    curve.endpoint,
    curve.rule,
    curve.criteria,
    curve.entry,
    curve.stratification,
    curve.stratum,
    curve.immortal_time,
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
    FROM derived.survival_count
    WHERE estimate = 'survival'
) AS curve
CROSS JOIN reference.survival_month AS point
