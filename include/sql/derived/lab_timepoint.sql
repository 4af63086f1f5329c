-- Days are calendar days after the patient's first session. Baseline is the last value up to and including day 0;
-- a later time point takes the value nearest to its day in its window, the earlier one on ties.
WITH
time_window AS (
    SELECT
        t.timepoint,
        first_day.value AS first_day,
        last_day.value AS last_day,
        nearest.value AS nearest
    FROM (VALUES ('day_1'), ('day_5'), ('month_2')) AS t (timepoint)
    INNER JOIN reference.setting AS first_day ON first_day.name = t.timepoint || '_from'
    INNER JOIN reference.setting AS last_day ON last_day.name = t.timepoint || '_to'
    INNER JOIN reference.setting AS nearest ON nearest.name = t.timepoint || '_nearest'
),

dated AS (
    SELECT
        m.patient_id,
        m.analyte,
        m.result_id,
        m.collected_at,
        m.ordered_at,
        m.collected_on - f.performed_on AS day,
        m.value,
        m.comparator,
        m.unit,
        m.lln,
        m.uln
    FROM scope.measurement AS m
    INNER JOIN scope.treatment_session AS f ON m.patient_id = f.patient_id AND f.session_number = 1
    WHERE
        m.analyte IS NOT NULL AND m.value IS NOT NULL
        AND m.collected_on - f.performed_on <= (SELECT MAX(last_day) FROM time_window)
),

candidate AS (
    SELECT
        *,
        'baseline' AS timepoint,
        ROW_NUMBER() OVER (
            PARTITION BY patient_id, analyte
            ORDER BY day DESC NULLS LAST, ordered_at DESC NULLS LAST, result_id DESC NULLS LAST
        ) AS place
    FROM dated
    WHERE day <= 0
    UNION ALL
    SELECT
        d.*,
        w.timepoint,
        ROW_NUMBER() OVER (
            PARTITION BY d.patient_id, d.analyte, w.timepoint
            ORDER BY
                ABS(d.day - w.nearest) NULLS LAST, d.day NULLS LAST, d.ordered_at NULLS LAST, d.result_id NULLS LAST
        ) AS place
    FROM dated AS d
    INNER JOIN time_window AS w ON d.day BETWEEN w.first_day AND w.last_day
)

SELECT
    patient_id,
    analyte,
    timepoint,
    result_id,
    collected_at,
    day,
    value,
    comparator,
    unit,
    lln,
    uln
FROM candidate
WHERE place = 1
