-- Patients of one stratum who leave on the same day count together: the estimates need no more than that.
WITH setting AS (
    SELECT
        MAX(value) FILTER (WHERE name = 'days_per_month') AS days_per_month,
        MAX(value) FILTER (WHERE name = 'landmark_months') AS landmark_months
    FROM reference.setting
),

at_risk AS (
    SELECT
        survival_time.endpoint,
        survival_time.rule,
        stratum.stratification,
        stratum.stratum,
        stratum.immortal_time,
        CAST(NULL AS DOUBLE PRECISION) AS landmark_months,
        survival_time.days,
        survival_time.event
    FROM derived.survival_time AS survival_time
    INNER JOIN derived.patient_stratum AS stratum ON survival_time.patient_id = stratum.patient_id
    WHERE survival_time.days IS NOT NULL AND survival_time.criteria IN ('none', 'mrecist')
    -- The landmark variant is of those still followed without event then.
    UNION ALL
    SELECT
        survival_time.endpoint,
        survival_time.rule,
        stratum.stratification,
        stratum.stratum,
        FALSE AS immortal_time,
        setting.landmark_months,
        CASE
            WHEN survival_time.start_date > stratum.landmark_date THEN survival_time.days
            ELSE survival_time.end_date - stratum.landmark_date
        END AS days,
        survival_time.event
    FROM derived.survival_time AS survival_time
    INNER JOIN derived.landmark_stratum AS stratum
        ON survival_time.patient_id = stratum.patient_id AND survival_time.end_date > stratum.landmark_date
    CROSS JOIN setting
    WHERE survival_time.days IS NOT NULL AND survival_time.criteria IN ('none', 'mrecist')
)

SELECT
    at_risk.endpoint,
    at_risk.rule,
    at_risk.stratification,
    at_risk.stratum,
    at_risk.immortal_time,
    at_risk.landmark_months,
    at_risk.days,
    CAST(at_risk.days AS DOUBLE PRECISION) / MAX(setting.days_per_month) AS months,
    COUNT(*) FILTER (WHERE at_risk.event) AS events,
    COUNT(*) FILTER (WHERE NOT at_risk.event) AS censored
FROM at_risk
CROSS JOIN setting
GROUP BY
    at_risk.endpoint,
    at_risk.rule,
    at_risk.stratification,
    at_risk.stratum,
    at_risk.immortal_time,
    at_risk.landmark_months,
    at_risk.days
