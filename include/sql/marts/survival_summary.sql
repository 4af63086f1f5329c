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
    CAST(0 AS BIGINT) AS not_evaluable,
    horizon.value AS horizon_months
FROM derived.survival_count AS c
INNER JOIN reference.setting AS horizon ON horizon.name = 'rmst_months'
WHERE c.estimate = 'survival'
UNION ALL
SELECT
    t.endpoint,
    t.rule,
    t.criteria,
    t.entry,
    s.stratification,
    s.stratum,
    s.immortal_time OR (t.immortal_time AND NOT s.is_landmark) AS immortal_time,
    CAST(NULL AS DOUBLE PRECISION) AS months,
    CAST(0 AS BIGINT) AS entered,
    CAST(0 AS BIGINT) AS events,
    CAST(0 AS BIGINT) AS censored,
    COUNT(*) AS not_evaluable,
    MAX(horizon.value) AS horizon_months
FROM derived.survival_interval AS t
INNER JOIN (
    SELECT
        patient_id,
        stratification,
        stratum,
        immortal_time,
        FALSE AS is_landmark
    FROM derived.patient_stratum
    UNION ALL
    SELECT
        patient_id,
        stratification,
        stratum,
        FALSE AS immortal_time,
        TRUE AS is_landmark
    FROM derived.landmark_stratum
) AS s ON t.patient_id = s.patient_id
INNER JOIN reference.setting AS horizon ON horizon.name = 'rmst_months'
WHERE t.estimate = 'survival' AND t.days IS NULL AND (t.entry = 'time zero' OR NOT s.is_landmark)
GROUP BY
    t.endpoint,
    t.rule,
    t.criteria,
    t.entry,
    t.immortal_time,
    s.stratification,
    s.stratum,
    s.immortal_time,
    s.is_landmark
