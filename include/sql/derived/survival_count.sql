-- Patients of one stratum who leave on the same day count together: the estimates need no more than that.
WITH setting AS (
    SELECT
        MAX(value) FILTER (WHERE name = 'days_per_month') AS days_per_month,
        MAX(value) FILTER (WHERE name = 'landmark_months') AS landmark_months
    FROM reference.setting
),

landmark AS (
    SELECT
        follow_up.patient_id,
        follow_up.first_procedure
        + CAST(CEIL(setting.landmark_months * setting.days_per_month) AS INTEGER) AS landmark_date
    FROM derived.follow_up AS follow_up
    CROSS JOIN setting
    WHERE follow_up.first_procedure IS NOT NULL
),

procedures_by_landmark AS (
    SELECT
        landmark.patient_id,
        landmark.landmark_date,
        COUNT(*) AS procedures
    FROM landmark
    INNER JOIN clinical.current_procedures AS procedures
        ON landmark.patient_id = procedures.patient_id AND landmark.landmark_date >= procedures.performed_on
    GROUP BY landmark.patient_id, landmark.landmark_date
),

-- The landmark variant: the class a patient had reached by the landmark, for those still followed without event then.
landmark_stratum AS (
    SELECT
        stratum.patient_id,
        stratum.stratification || '_landmark' AS stratification,
        class_range.category AS stratum,
        reached.landmark_date
    FROM derived.patient_stratum AS stratum
    INNER JOIN procedures_by_landmark AS reached ON stratum.patient_id = reached.patient_id
    INNER JOIN reference.class_range AS class_range
        ON
            class_range.characteristic = 'procedures'
            AND reached.procedures >= class_range.from_value
            AND reached.procedures < class_range.below_value
    WHERE stratum.immortal_time
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
    WHERE survival_time.days IS NOT NULL
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
    INNER JOIN landmark_stratum AS stratum
        ON survival_time.patient_id = stratum.patient_id AND survival_time.end_date > stratum.landmark_date
    CROSS JOIN setting
    WHERE survival_time.days IS NOT NULL
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
