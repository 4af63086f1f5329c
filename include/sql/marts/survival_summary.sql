SELECT
    c.endpoint,
    c.rule,
    c.stratification,
    c.stratum,
    c.immortal_time,
    c.months,
    c.events,
    c.censored,
    horizon.value AS horizon_months
FROM derived.survival_count AS c
INNER JOIN reference.setting AS horizon ON horizon.name = 'rmst_months'
