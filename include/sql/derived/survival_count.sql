-- Patients of one stratum who enter or leave on the same day count together: the estimates need no more than that.
-- Those without a time to event count on no day.
-- Ways of estimating and strata are grouped by number and named afterwards: texts of millions of rows are not compared.
WITH setting AS (
    SELECT
        MAX(value) FILTER (WHERE name = 'days_per_month') AS days_per_month,
        MAX(value) FILTER (WHERE name = 'landmark_months') AS landmark_months
    FROM reference.setting
),

member AS (
    SELECT
        patient_id,
        stratification,
        stratum,
        immortal_time,
        CAST(NULL AS DATE) AS landmark_date
    FROM derived.patient_stratum
    UNION ALL
    SELECT
        patient_id,
        stratification,
        stratum,
        FALSE AS immortal_time,
        landmark_date
    FROM derived.landmark_stratum
),

stratum AS (
    SELECT
        stratification,
        stratum,
        BOOL_OR(immortal_time) AS immortal_time,
        COUNT(landmark_date) > 0 AS is_landmark,
        ROW_NUMBER() OVER (ORDER BY stratification ASC NULLS LAST, stratum ASC NULLS LAST) AS place
    FROM member
    GROUP BY stratification, stratum
),

placed AS (
    SELECT
        member.patient_id,
        member.landmark_date,
        stratum.place
    FROM member
    INNER JOIN stratum ON member.stratification = stratum.stratification AND member.stratum = stratum.stratum
),

-- The landmark variant is of those still followed without event then: nobody enters later.
moment AS (
    SELECT
        observed.estimate_number,
        placed.place,
        CASE
            WHEN placed.landmark_date IS NULL OR observed.start_date > placed.landmark_date THEN observed.days
            ELSE observed.days - (placed.landmark_date - observed.start_date)
        END AS days,
        FALSE AS enters,
        observed.is_imputed,
        observed.event,
        observed.cause
    FROM derived.survival_interval AS observed
    INNER JOIN placed ON observed.patient_id = placed.patient_id
    WHERE
        placed.landmark_date IS NULL
        OR (
            observed.entry = 'time zero'
            AND (observed.days IS NULL OR observed.days > placed.landmark_date - observed.start_date)
        )
    UNION ALL
    SELECT
        observed.estimate_number,
        placed.place,
        observed.entry_days AS days,
        TRUE AS enters,
        FALSE AS is_imputed,
        CAST(NULL AS BOOLEAN) AS event,
        'none' AS cause
    FROM derived.survival_interval AS observed
    INNER JOIN placed ON observed.patient_id = placed.patient_id
    WHERE observed.days IS NOT NULL AND observed.entry_days IS NOT NULL AND placed.landmark_date IS NULL
),

counted AS (
    SELECT
        days,
        estimate_number,
        place,
        cause,
        COUNT(*) FILTER (WHERE enters) AS entered,
        COUNT(*) FILTER (WHERE event AND days IS NOT NULL) AS events,
        COUNT(*) FILTER (WHERE NOT event AND days IS NOT NULL) AS censored,
        COUNT(*) FILTER (WHERE days IS NULL) AS not_evaluable,
        COUNT(*) FILTER (WHERE is_imputed AND days IS NOT NULL) AS imputed_times
    FROM moment
    GROUP BY days, estimate_number, place, cause
)

SELECT
    way.endpoint,
    way.rule,
    way.criteria,
    way.estimate,
    way.entry,
    stratum.stratification,
    stratum.stratum,
    stratum.immortal_time OR (way.immortal_time AND NOT stratum.is_landmark) AS immortal_time,
    CASE WHEN stratum.is_landmark THEN setting.landmark_months END AS landmark_months,
    counted.days,
    CAST(counted.days AS DOUBLE PRECISION) / setting.days_per_month AS months,
    counted.cause,
    counted.entered,
    counted.events,
    counted.censored,
    counted.not_evaluable,
    counted.imputed_times
FROM counted
INNER JOIN reference.endpoint_estimate AS way ON counted.estimate_number = way.estimate_number
INNER JOIN stratum ON counted.place = stratum.place
CROSS JOIN setting
