-- Cox models of one stratification each, and the one of several factors together.
WITH ratio AS (
    SELECT
        'one' AS model,
        endpoint,
        rule,
        criteria,
        entry,
        stratification,
        stratum,
        reference,
        immortal_time,
        hazard_ratio,
        ci_low,
        ci_high,
        p_value,
        proportionality_p_value,
        CAST(NULL AS BIGINT) AS patients,
        CAST(NULL AS BIGINT) AS events,
        CAST(NULL AS DOUBLE PRECISION) AS events_per_coefficient
    FROM marts.hazard_ratio
    UNION ALL
    SELECT
        'together' AS model,
        endpoint,
        rule,
        criteria,
        entry,
        stratification,
        stratum,
        reference,
        immortal_time,
        hazard_ratio,
        ci_low,
        ci_high,
        p_value,
        proportionality_p_value,
        patients,
        events,
        events_per_coefficient
    FROM marts.multivariable_hazard_ratio
)

SELECT
    ratio.model,
    ratio.endpoint,
    ratio.rule,
    ratio.entry,
    ratio.stratification,
    ratio.stratum,
    ratio.reference,
    ratio.immortal_time,
    ratio.hazard_ratio,
    ratio.ci_low,
    ratio.ci_high,
    ratio.p_value,
    ratio.patients,
    ratio.events,
    ratio.events_per_coefficient,
    COALESCE(ratio.proportionality_p_value < setting.value, FALSE) AS is_not_proportional
FROM ratio
INNER JOIN reference.setting AS setting ON setting.name = 'proportionality_p_below'
WHERE ratio.criteria IN ('none', 'mrecist')
ORDER BY ratio.model ASC, ratio.stratification ASC, ratio.stratum ASC
