-- The landmark variant of the groups by the number of procedures, which are known only after time zero: the class that
-- a patient had reached by then.
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
    FROM scope.follow_up AS follow_up
    CROSS JOIN setting
    WHERE follow_up.first_procedure IS NOT NULL
),

reached AS (
    SELECT
        landmark.patient_id,
        landmark.landmark_date,
        COUNT(*) AS procedures
    FROM landmark
    INNER JOIN scope.treatment_session AS session
        ON landmark.patient_id = session.patient_id AND landmark.landmark_date >= session.performed_on
    GROUP BY landmark.patient_id, landmark.landmark_date
)

SELECT
    stratum.patient_id,
    stratum.stratification || '_landmark' AS stratification,
    class_range.category AS stratum,
    reached.landmark_date
FROM scope.patient_stratum AS stratum
INNER JOIN reference.stratum_label AS label
    ON
        stratum.stratification = label.stratification
        AND stratum.stratum = label.stratum
        AND label.characteristic = 'procedures'
INNER JOIN reached ON stratum.patient_id = reached.patient_id
INNER JOIN reference.class_range AS class_range
    ON
        label.characteristic = class_range.characteristic
        AND reached.procedures >= class_range.from_value
        AND reached.procedures < class_range.below_value
WHERE stratum.immortal_time
