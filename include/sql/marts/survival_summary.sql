SELECT
    c.endpoint,
    c.rule,
    c.stratification,
    c.stratum,
    c.immortal_time,
    c.months,
    c.events,
    c.censored,
    CAST(0 AS BIGINT) AS not_evaluable,
    horizon.value AS horizon_months
FROM derived.survival_count AS c
INNER JOIN reference.setting AS horizon ON horizon.name = 'rmst_months'
UNION ALL
SELECT
    t.endpoint,
    t.rule,
    s.stratification,
    s.stratum,
    s.immortal_time,
    CAST(NULL AS DOUBLE PRECISION) AS months,
    CAST(0 AS BIGINT) AS events,
    CAST(0 AS BIGINT) AS censored,
    COUNT(*) AS not_evaluable,
    horizon.value AS horizon_months
FROM derived.survival_time AS t
INNER JOIN (
    SELECT
        patient_id,
        stratification,
        stratum,
        immortal_time
    FROM derived.patient_stratum
    UNION ALL
    SELECT
        patient_id,
        stratification,
        stratum,
        FALSE AS immortal_time
    FROM derived.landmark_stratum
) AS s ON t.patient_id = s.patient_id
INNER JOIN reference.setting AS horizon ON horizon.name = 'rmst_months'
WHERE t.days IS NULL AND t.criteria IN ('none', 'mrecist')
GROUP BY t.endpoint, t.rule, s.stratification, s.stratum, s.immortal_time, horizon.value
