{% from 'derived/clock.sql' import with_latest_instant with context %}
-- Before: baseline. After: the first value after the day of the first cycle's last session. A censored value gives a
-- response only where every value that it can stand for gives the same one, and never a percentage.
WITH
before_treatment AS (
    SELECT *
    FROM scope.lab_timepoint
    WHERE timepoint = 'baseline' AND analyte IN ('CGA', 'HIAA')
),

sample AS (
    SELECT
        m.patient_id,
        m.analyte,
        m.result_id,
        m.value,
        m.comparator,
        m.unit,
        m.collected_at,
        m.collected_at_instant
    FROM scope.measurement AS m
    INNER JOIN scope.treatment_cycle AS c ON m.patient_id = c.patient_id
    WHERE
        c.cycle = 1 AND m.collected_on > c.last_session
        AND m.analyte IN ('CGA', 'HIAA') AND m.value IS NOT NULL
),

after_cycle AS (
    {{ with_latest_instant('sample', 's.patient_id, s.analyte') }}
),

placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (
            PARTITION BY patient_id, analyte
            ORDER BY latest_instant NULLS FIRST, collected_at NULLS LAST, result_id NULLS LAST
        ) AS place
    FROM after_cycle
),

first_after AS (
    SELECT *
    FROM placed
    WHERE place = 1
),

responder_setting AS (
    SELECT 1 - value / 100 AS ratio
    FROM reference.setting
    WHERE name = 'biomarker_response_fall_percent'
),

paired AS (
    SELECT
        COALESCE(b.patient_id, a.patient_id) AS patient_id,
        COALESCE(b.analyte, a.analyte) AS analyte,
        b.value AS before,
        b.comparator AS before_comparator,
        a.value AS after,
        a.comparator AS after_comparator,
        COALESCE(b.unit, a.unit) AS unit,
        b.result_id AS before_result_id,
        a.result_id AS after_result_id,
        a.value <= s.ratio * (1 + 1e-15) * b.value AS has_fallen,
        COALESCE(b.comparator IN ('<', '<='), FALSE) OR COALESCE(a.comparator IN ('>', '>='), FALSE)
            AS may_have_fallen_less,
        COALESCE(b.comparator IN ('>', '>='), FALSE) OR COALESCE(a.comparator IN ('<', '<='), FALSE)
            AS may_have_fallen_more
    FROM before_treatment AS b
    FULL JOIN first_after AS a ON b.patient_id = a.patient_id AND b.analyte = a.analyte
    CROSS JOIN responder_setting AS s
)

SELECT
    patient_id,
    analyte,
    before,
    before_comparator,
    after,
    after_comparator,
    unit,
    CASE
        WHEN before > 0 AND before_comparator IS NULL AND after_comparator IS NULL
            THEN (after - before) / before * 100
    END AS change_percent,
    CASE
        WHEN before <= 0 THEN NULL
        WHEN has_fallen AND NOT may_have_fallen_less THEN 'responder'
        WHEN NOT has_fallen AND NOT may_have_fallen_more THEN 'non_responder'
    END AS response,
    before_result_id,
    after_result_id
FROM paired
