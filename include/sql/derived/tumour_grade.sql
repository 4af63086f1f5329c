-- WHO 2019 grade of every report, then the highest one on a specimen up to the first procedure.
WITH report AS (
    SELECT
        r.patient_id,
        r.report_id,
        r.reported_on,
        r.reported_grade,
        r.ki67_percent,
        r.mitoses_per_2mm2,
        k.category AS ki67_grade,
        k.sort_order AS ki67_order,
        m.category AS mitoses_grade,
        m.sort_order AS mitoses_order,
        COALESCE(r.differentiation, CASE WHEN r.reported_grade = 'NEC' THEN 'poor' ELSE 'well' END) AS differentiation
    FROM scope.reports AS r
    LEFT JOIN scope.treatment_session AS f ON r.patient_id = f.patient_id AND f.session_number = 1
    LEFT JOIN reference.class_range AS k
        ON k.characteristic = 'ki67' AND r.ki67_percent >= k.from_value AND r.ki67_percent < k.below_value
    LEFT JOIN reference.class_range AS m
        ON m.characteristic = 'mitoses' AND r.mitoses_per_2mm2 >= m.from_value AND r.mitoses_per_2mm2 < m.below_value
    WHERE f.procedure_id IS NULL OR r.reported_on <= f.performed_on
),

decided AS (
    SELECT
        report.*,
        CASE
            WHEN differentiation = 'poor' THEN 'reported'
            WHEN ki67_order >= COALESCE(mitoses_order, 0) THEN 'ki67'
            WHEN ki67_order IS NULL AND reported_grade IS NOT NULL THEN 'reported'
            WHEN mitoses_order IS NOT NULL THEN 'mitoses'
        END AS source
    FROM report
),

graded AS (
    SELECT
        d.*,
        o.grade,
        ROW_NUMBER() OVER (
            PARTITION BY d.patient_id
            ORDER BY
                o.grade_order DESC NULLS LAST,
                d.ki67_percent DESC NULLS LAST,
                d.mitoses_per_2mm2 DESC NULLS LAST,
                d.reported_on DESC NULLS LAST,
                d.report_id DESC NULLS LAST
        ) AS place
    FROM decided AS d
    INNER JOIN reference.grade_order AS o
        ON o.grade = CASE
            WHEN d.differentiation = 'poor' THEN 'NEC'
            WHEN d.source = 'ki67' THEN d.ki67_grade
            WHEN d.source = 'mitoses' THEN d.mitoses_grade
            ELSE d.reported_grade
        END
)

SELECT
    patient_id,
    grade,
    ki67_percent,
    mitoses_per_2mm2,
    source,
    report_id
FROM graded
WHERE place = 1
