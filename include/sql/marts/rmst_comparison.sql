SELECT
    c.endpoint,
    c.rule,
    c.criteria,
    c.entry,
    c.stratification,
    c.stratum,
    c.immortal_time,
    c.months,
    c.entered,
    c.events,
    c.censored,
    horizon.value AS horizon_months
FROM derived.survival_count AS c
INNER JOIN reference.setting AS horizon ON horizon.name = 'rmst_months'
WHERE c.estimate = 'survival' AND c.months IS NOT NULL AND c.stratification <> 'all'
