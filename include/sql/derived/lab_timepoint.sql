{% from 'derived/clock.sql' import before_session, day_of, with_latest_instant with context %}
-- Days are calendar days after the patient's first session. Baseline is the last value before the session. A sample of
-- its day is before it if the clocks say so; where the session has none, only if there is no other of the days in which
-- a baseline is recent. A later time point takes the value nearest to its day in its window, the earlier one on ties.
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

sample AS (
    SELECT
        m.patient_id,
        m.analyte,
        m.result_id,
        m.collected_at,
        m.collected_at_instant,
        {{ day_of() }} AS day,
        {{ before_session() }} AS is_before,
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

dated AS (
    {{ with_latest_instant('sample', 's.patient_id, s.analyte') }}
),

recent AS (
    SELECT DISTINCT
        d.patient_id,
        d.analyte
    FROM dated AS d
    INNER JOIN reference.setting AS s ON s.name = 'baseline_lab_days' AND d.day BETWEEN -s.value AND -1
),

candidate AS (
    SELECT
        d.*,
        r.patient_id IS NOT NULL AS has_earlier,
        'baseline' AS timepoint,
        ROW_NUMBER() OVER (
            PARTITION BY d.patient_id, d.analyte
            ORDER BY d.latest_instant DESC NULLS LAST, d.collected_at DESC NULLS LAST, d.result_id DESC NULLS LAST
        ) AS place
    FROM dated AS d
    LEFT JOIN recent AS r ON d.patient_id = r.patient_id AND d.analyte = r.analyte
    WHERE d.day <= 0 AND COALESCE(d.is_before, r.patient_id IS NULL)
    UNION ALL
    SELECT
        d.*,
        NULL AS has_earlier,
        w.timepoint,
        ROW_NUMBER() OVER (
            PARTITION BY d.patient_id, d.analyte, w.timepoint
            ORDER BY
                ABS(d.day - w.nearest) NULLS LAST,
                d.day NULLS LAST,
                d.latest_instant NULLS FIRST,
                d.collected_at NULLS LAST,
                d.result_id NULLS LAST
        ) AS place
    FROM dated AS d
    INNER JOIN time_window AS w ON d.day BETWEEN w.first_day AND w.last_day
)

SELECT
    c.patient_id,
    c.analyte,
    c.timepoint,
    c.result_id,
    c.collected_at,
    c.day,
    c.value,
    c.comparator,
    c.unit,
    c.lln,
    c.uln,
    CASE WHEN c.timepoint = 'baseline' THEN -c.day END AS baseline_age_days,
    CASE WHEN c.timepoint = 'baseline' THEN -c.day > s.value END AS baseline_too_old,
    c.has_earlier
FROM candidate AS c
INNER JOIN reference.setting AS s ON s.name = 'baseline_lab_days'
WHERE c.place = 1
