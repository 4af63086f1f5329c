-- The grade of every report by the classification of its primary tumour. A censored index can stand for several grades:
-- indices decide where the higher of both is the same grade whatever they stand for, else the reported grade does.
WITH first_procedure AS (
    SELECT
        patient_id,
        performed_on
    FROM scope.treatment_session
    WHERE session_number = 1
),

sited AS (
    SELECT
        r.patient_id,
        r.report_id,
        NULLIF(COALESCE(s.primary_group, 'other'), 'unknown') AS primary_group
    FROM scope.reports AS r
    LEFT JOIN reference.primary_site AS s ON SUBSTRING(r.primary_site, 1, 3) = s.topography
    WHERE r.primary_site IS NOT NULL
),

-- A report that does not name the primary tumour is of the one that the patient's others name, if they agree.
patient_site AS (
    SELECT
        patient_id,
        CASE WHEN MIN(primary_group) = MAX(primary_group) THEN MIN(primary_group) END AS primary_group
    FROM sited
    GROUP BY patient_id
),

report AS (
    SELECT
        r.patient_id,
        r.report_id,
        r.reported_on,
        r.specimen,
        r.reported_grade,
        r.differentiation,
        r.ki67_percent,
        r.ki67_percent_comparator AS ki67_comparator,
        r.mitoses_per_2mm2,
        r.mitoses_per_2mm2_comparator AS mitoses_comparator,
        r.necrosis = 'yes' AS has_necrosis,
        COALESCE(r.reported_on > f.performed_on, FALSE) AS after_treatment,
        COALESCE(own.primary_group, of_patient.primary_group, 'unknown') = 'lung' AS is_lung
    FROM scope.reports AS r
    LEFT JOIN first_procedure AS f ON r.patient_id = f.patient_id
    LEFT JOIN sited AS own ON r.report_id = own.report_id
    LEFT JOIN patient_site AS of_patient ON r.patient_id = of_patient.patient_id
),

-- Ki-67 does not grade a lung tumour. Necrosis makes a carcinoid of the lung atypical: one whose mitoses nobody
-- counted as well, unless a higher grade was reported. The bounds of '<' and '>' lie a little beside the limits that
-- reference.class_range moves.
index_range AS (
    SELECT
        r.report_id,
        i.name,
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
            ('ki67', CASE WHEN NOT r.is_lung THEN 'ki67' END, r.ki67_percent, r.ki67_comparator),
            (
                'mitoses',
                CASE
                    WHEN r.is_lung AND r.has_necrosis THEN 'mitoses_lung_necrosis'
                    WHEN r.is_lung THEN 'mitoses_lung'
                    ELSE 'mitoses'
                END,
                CASE
                    WHEN
                        r.is_lung AND r.has_necrosis
                        AND r.differentiation = 'well' AND COALESCE(r.reported_grade, 'G1') = 'G1'
                        THEN COALESCE(r.mitoses_per_2mm2, 0)
                    ELSE r.mitoses_per_2mm2
                END,
                r.mitoses_comparator
            )
        ) AS i (name, characteristic, value, comparator)
),

-- `grade` is read only where lowest and highest are one class; null = beyond all grades. An index that may lie in a
-- class that is no grade or in one that is says nothing.
possible AS (
    SELECT
        i.report_id,
        i.name,
        MIN(c.sort_order) AS lowest,
        MAX(c.sort_order) AS highest,
        MIN(o.grade) AS grade
    FROM index_range AS i
    INNER JOIN reference.class_range AS c
        ON i.characteristic = c.characteristic AND i.least < c.below_value AND i.most >= c.from_value
    LEFT JOIN reference.grade_order AS o ON c.category = o.grade
    GROUP BY i.report_id, i.name
    HAVING COUNT(o.grade) IN (0, COUNT(*))
),

-- Ki-67 decides outside the lung, mitoses in it; without the index that decides the reported grade counts.
indexed AS (
    SELECT
        r.*,
        k.grade AS ki67_grade,
        m.grade AS mitoses_grade,
        CASE
            WHEN r.is_lung AND m.lowest = m.highest THEN CASE WHEN r.has_necrosis THEN 'necrosis' ELSE 'mitoses' END
            WHEN r.is_lung OR (k.lowest IS NULL AND r.reported_grade IS NOT NULL) THEN NULL
            WHEN GREATEST(k.lowest, m.lowest) = GREATEST(k.highest, m.highest)
                THEN CASE WHEN k.lowest >= COALESCE(m.lowest, 0) THEN 'ki67' ELSE 'mitoses' END
        END AS index_name
    FROM report AS r
    LEFT JOIN possible AS k ON r.report_id = k.report_id AND k.name = 'ki67'
    LEFT JOIN possible AS m ON r.report_id = m.report_id AND m.name = 'mitoses'
),

by_index AS (
    SELECT
        indexed.*,
        CASE WHEN index_name = 'ki67' THEN ki67_grade WHEN index_name IS NOT NULL THEN mitoses_grade END AS index_grade
    FROM indexed
),

-- Indices of G3 without differentiation may be a carcinoma's: then a reported G3 or NEC counts, or none. So it is with
-- more mitoses than a carcinoid of the lung has.
decided AS (
    SELECT
        by_index.*,
        CASE
            WHEN differentiation = 'poor' OR (differentiation IS NULL AND reported_grade = 'NEC') THEN 'NEC'
            WHEN index_name IS NOT NULL AND index_grade IS NULL
                THEN CASE WHEN reported_grade IN ('G3', 'NEC') THEN reported_grade END
            WHEN index_grade = 'G3' AND differentiation IS NULL
                THEN CASE WHEN reported_grade = 'G3' THEN reported_grade END
            ELSE COALESCE(index_grade, reported_grade)
        END AS grade
    FROM by_index
)

SELECT
    report_id,
    patient_id,
    reported_on,
    specimen,
    after_treatment,
    ki67_percent,
    ki67_comparator,
    mitoses_per_2mm2,
    mitoses_comparator,
    has_necrosis,
    grade,
    CASE
        WHEN grade IS NULL THEN NULL
        WHEN grade = 'NEC' OR index_grade IS NULL OR (index_grade = 'G3' AND differentiation IS NULL) THEN 'reported'
        ELSE index_name
    END AS source,
    CASE WHEN is_lung THEN 'who_thoracic_2021' ELSE 'who_2019' END AS classification
FROM decided
