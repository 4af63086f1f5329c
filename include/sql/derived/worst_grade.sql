{% from 'derived/clearance.sql' import graded_clearance with context %}
{% from 'derived/grading.sql' import as_texts, highest with context %}
-- The grades after the baseline, the highest one of each edition; the clearance is estimated from each creatinine.
-- Whoever has a baseline alone has a row as well.
-- noqa: disable=LT02
WITH
{{ graded_clearance("graded_result", ["day", "is_after_baseline"]) }},

period AS (
    SELECT
        'to_day_' || CAST(CAST(value AS INTEGER) AS TEXT) AS period,
        value AS last_day
    FROM reference.setting
    WHERE name = 'toxicity_to_day'
    UNION ALL
    SELECT
        'overall' AS period,
        CAST(NULL AS DOUBLE PRECISION) AS last_day
),

after_baseline AS (
    SELECT
        g.patient_id,
        g.analyte,
        g.direction,
        p.period,
{{ highest("g.grades_at_least", "g.grades_at_most") }}
    FROM (
        SELECT
            patient_id,
            analyte,
            direction,
            day,
            is_after_baseline,
            grades_at_least,
            grades_at_most
        FROM scope.graded_result
        UNION ALL
        SELECT
            patient_id,
            'clearance_' || formula AS analyte,
            -1 AS direction,
            day,
            is_after_baseline,
{{ as_texts() }}
        FROM graded
    ) AS g
    INNER JOIN period AS p ON g.day <= COALESCE(p.last_day, g.day)
    WHERE g.is_after_baseline AND g.day >= 0
    GROUP BY g.patient_id, g.analyte, g.direction, p.period
),

baseline AS (
    SELECT
        patient_id,
        analyte,
        direction,
        result_id,
        grades_at_least,
        grades_at_most
    FROM scope.timepoint_grade
    WHERE timepoint = 'baseline'
),

who AS (
    SELECT
        patient_id,
        analyte,
        direction
    FROM baseline
    UNION
    SELECT
        patient_id,
        analyte,
        direction
    FROM after_baseline
)

SELECT
    w.patient_id,
    w.analyte,
    w.direction,
    p.period,
    b.result_id AS baseline_result_id,
    b.grades_at_least AS baseline_at_least,
    b.grades_at_most AS baseline_at_most,
    a.grades AS worst_grades,
    a.grades_at_least AS worst_at_least,
    a.grades_at_most AS worst_at_most
FROM who AS w
CROSS JOIN period AS p
LEFT JOIN baseline AS b ON w.patient_id = b.patient_id AND w.analyte = b.analyte AND w.direction = b.direction
LEFT JOIN after_baseline AS a
    ON
        w.patient_id = a.patient_id
        AND w.analyte = a.analyte
        AND w.direction = a.direction
        AND p.period = a.period
