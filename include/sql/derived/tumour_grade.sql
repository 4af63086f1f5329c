-- The highest grade on a specimen up to the first procedure, beside the spread of Ki-67 over these and what came later.
WITH graded AS (
    SELECT
        r.*,
        o.grade_order,
        ROW_NUMBER() OVER (
            PARTITION BY r.patient_id
            ORDER BY
                o.grade_order DESC NULLS LAST,
                r.ki67_percent DESC NULLS LAST,
                r.mitoses_per_2mm2 DESC NULLS LAST,
                r.reported_on DESC NULLS LAST,
                r.report_id DESC NULLS LAST
        ) AS place
    FROM scope.report_grade AS r
    LEFT JOIN reference.grade_order AS o ON r.grade = o.grade
    WHERE NOT r.after_treatment
),

spread AS (
    SELECT
        patient_id,
        MIN(ki67_percent) AS lowest,
        MAX(ki67_percent) AS highest
    FROM graded
    GROUP BY patient_id
),

later AS (
    SELECT
        r.patient_id,
        MAX(o.grade_order) AS highest_order
    FROM scope.report_grade AS r
    INNER JOIN reference.grade_order AS o ON r.grade = o.grade
    WHERE r.after_treatment
    GROUP BY r.patient_id
)

SELECT
    graded.patient_id,
    graded.grade,
    graded.ki67_percent,
    graded.ki67_comparator,
    graded.mitoses_per_2mm2,
    graded.mitoses_comparator,
    graded.source,
    graded.report_id,
    spread.lowest AS ki67_lowest_percent,
    spread.highest AS ki67_highest_percent,
    later_order.grade AS grade_after_treatment,
    later.highest_order > graded.grade_order AS has_progressed
FROM graded
INNER JOIN spread ON graded.patient_id = spread.patient_id
LEFT JOIN later ON graded.patient_id = later.patient_id
LEFT JOIN reference.grade_order AS later_order ON later.highest_order = later_order.grade_order
WHERE graded.place = 1 AND (graded.grade IS NOT NULL OR graded.ki67_percent IS NOT NULL)
