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
WHERE c.entry = 'time zero' AND c.stratification <> 'all'
