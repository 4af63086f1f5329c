-- WHO 2019 grade of every report, then the highest one on a specimen up to the first procedure. A censored index can
-- stand for several grades: indices decide where the higher of both is the same grade whatever they stand for.
WITH report AS (
    SELECT
        r.patient_id,
        r.report_id,
        r.reported_on,
        r.reported_grade,
        r.ki67_percent,
        r.ki67_percent_comparator AS ki67_comparator,
        r.mitoses_per_2mm2,
        r.mitoses_per_2mm2_comparator AS mitoses_comparator,
        COALESCE(r.differentiation, CASE WHEN r.reported_grade = 'NEC' THEN 'poor' ELSE 'well' END) AS differentiation
    FROM scope.reports AS r
    LEFT JOIN scope.treatment_session AS f ON r.patient_id = f.patient_id AND f.session_number = 1
    WHERE f.procedure_id IS NULL OR r.reported_on <= f.performed_on
),

-- The bounds of '<' and '>' lie a little beside the limits that reference.class_range moves.
index_range AS (
    SELECT
        r.report_id,
        i.characteristic,
        CASE
            WHEN i.comparator IN ('<', '<=') THEN 0
            WHEN i.comparator = '>' THEN i.value * (1 + 4e-15)
            ELSE i.value
        END AS least,
        CASE
            WHEN i.comparator IN ('>', '>=') THEN CAST('Infinity' AS DOUBLE PRECISION)
            WHEN i.comparator = '<' THEN i.value * (1 - 4e-15)
            ELSE i.value
        END AS most
    FROM report AS r
    CROSS JOIN
        LATERAL (
            VALUES
            ('ki67', r.ki67_percent, r.ki67_comparator),
            ('mitoses', r.mitoses_per_2mm2, r.mitoses_comparator)
        ) AS i (characteristic, value, comparator)
),

-- `category` is read only where lowest and highest are one grade.
possible AS (
    SELECT
        i.report_id,
        i.characteristic,
        MIN(c.sort_order) AS lowest,
        MAX(c.sort_order) AS highest,
        MIN(c.category) AS category
    FROM index_range AS i
    INNER JOIN reference.class_range AS c
        ON i.characteristic = c.characteristic AND i.least < c.below_value AND i.most >= c.from_value
    GROUP BY i.report_id, i.characteristic
),

decided AS (
    SELECT
        r.*,
        k.category AS ki67_grade,
        m.category AS mitoses_grade,
        CASE
            WHEN r.differentiation = 'poor' THEN 'reported'
            WHEN k.lowest IS NULL AND r.reported_grade IS NOT NULL THEN 'reported'
            WHEN GREATEST(k.lowest, m.lowest) = GREATEST(k.highest, m.highest)
                THEN CASE WHEN k.lowest >= COALESCE(m.lowest, 0) THEN 'ki67' ELSE 'mitoses' END
            WHEN r.reported_grade IS NOT NULL THEN 'reported'
        END AS source
    FROM report AS r
    LEFT JOIN possible AS k ON r.report_id = k.report_id AND k.characteristic = 'ki67'
    LEFT JOIN possible AS m ON r.report_id = m.report_id AND m.characteristic = 'mitoses'
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
    ki67_comparator,
    mitoses_per_2mm2,
    mitoses_comparator,
    source,
    report_id
FROM graded
WHERE place = 1
