-- Patients of one stratum who enter or leave on the same day count together: the estimates need no more than that.
-- Days come first in the grouping: PostgreSQL sorts by it, and numbers that differ save the comparison of texts.
WITH setting AS (
    SELECT
        MAX(value) FILTER (WHERE name = 'days_per_month') AS days_per_month,
        MAX(value) FILTER (WHERE name = 'landmark_months') AS landmark_months
    FROM reference.setting
),

moment AS (
    SELECT
        observed.endpoint,
        observed.rule,
        observed.criteria,
        observed.estimate,
        observed.entry,
        stratum.stratification,
        stratum.stratum,
        stratum.immortal_time OR observed.immortal_time AS immortal_time,
        CAST(NULL AS DOUBLE PRECISION) AS landmark_months,
        observed.days,
        observed.event,
        observed.cause
    FROM derived.survival_interval AS observed
    INNER JOIN derived.patient_stratum AS stratum ON observed.patient_id = stratum.patient_id
    WHERE observed.days IS NOT NULL
    UNION ALL
    SELECT
        observed.endpoint,
        observed.rule,
        observed.criteria,
        observed.estimate,
        observed.entry,
        stratum.stratification,
        stratum.stratum,
        stratum.immortal_time,
        CAST(NULL AS DOUBLE PRECISION) AS landmark_months,
        observed.entry_days AS days,
        CAST(NULL AS BOOLEAN) AS event,
        'none' AS cause
    FROM derived.survival_interval AS observed
    INNER JOIN derived.patient_stratum AS stratum ON observed.patient_id = stratum.patient_id
    WHERE observed.days IS NOT NULL AND observed.entry_days IS NOT NULL
    UNION ALL
    -- The landmark variant is of those still followed without event then: nobody enters later.
    SELECT
        observed.endpoint,
        observed.rule,
        observed.criteria,
        observed.estimate,
        observed.entry,
        stratum.stratification,
        stratum.stratum,
        FALSE AS immortal_time,
        setting.landmark_months,
        CASE
            WHEN observed.start_date > stratum.landmark_date THEN observed.days
            ELSE observed.days - (stratum.landmark_date - observed.start_date)
        END AS days,
        observed.event,
        observed.cause
    FROM derived.survival_interval AS observed
    INNER JOIN derived.landmark_stratum AS stratum
        ON
            observed.patient_id = stratum.patient_id
            AND observed.days > stratum.landmark_date - observed.start_date
    CROSS JOIN setting
    WHERE observed.days IS NOT NULL AND observed.entry = 'time zero'
)

SELECT
    moment.endpoint,
    moment.rule,
    moment.criteria,
    moment.estimate,
    moment.entry,
    moment.stratification,
    moment.stratum,
    moment.immortal_time,
    moment.landmark_months,
    moment.days,
    CAST(moment.days AS DOUBLE PRECISION) / MAX(setting.days_per_month) AS months,
    moment.cause,
    COUNT(*) FILTER (WHERE moment.event IS NULL) AS entered,
    COUNT(*) FILTER (WHERE moment.event) AS events,
    COUNT(*) FILTER (WHERE NOT moment.event) AS censored
FROM moment
CROSS JOIN setting
GROUP BY
    moment.days,
    moment.endpoint,
    moment.rule,
    moment.criteria,
    moment.estimate,
    moment.entry,
    moment.stratification,
    moment.stratum,
    moment.immortal_time,
    moment.landmark_months,
    moment.cause
