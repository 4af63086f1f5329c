{% from 'derived/organ.sql' import is_of_liver %}
-- What the last exam on or before the first procedure says; of each finding the last one recorded.
WITH first_procedure AS (
    SELECT
        patient_id,
        performed_on AS first_procedure
    FROM scope.treatment_session
    WHERE session_number = 1
),

exam AS (
    SELECT
        e.patient_id,
        e.exam_id,
        e.exam_date,
        e.liver_tumour_burden_percent,
        e.extrahepatic_disease,
        ROW_NUMBER() OVER (
            PARTITION BY e.patient_id
            ORDER BY
                CASE WHEN e.liver_tumour_burden_percent IS NULL THEN 1 ELSE 0 END ASC NULLS LAST,
                e.exam_date DESC NULLS LAST,
                e.exam_id DESC NULLS LAST
        ) AS burden_place,
        ROW_NUMBER() OVER (
            PARTITION BY e.patient_id
            ORDER BY
                CASE WHEN e.extrahepatic_disease IS NULL THEN 1 ELSE 0 END ASC NULLS LAST,
                e.exam_date DESC NULLS LAST,
                e.exam_id DESC NULLS LAST
        ) AS extrahepatic_place
    FROM scope.liver_exam AS e
    INNER JOIN first_procedure AS f ON e.patient_id = f.patient_id AND e.exam_date <= f.first_procedure
),

finding AS (
    SELECT
        patient_id,
        MAX(liver_tumour_burden_percent) FILTER (WHERE burden_place = 1) AS liver_burden_percent,
        MAX(exam_id) FILTER (
            WHERE burden_place = 1 AND liver_tumour_burden_percent IS NOT NULL
        ) AS burden_exam_id,
        BOOL_OR(extrahepatic_disease = 'yes') FILTER (WHERE extrahepatic_place = 1) AS extrahepatic_disease,
        MAX(exam_id) FILTER (
            WHERE extrahepatic_place = 1 AND extrahepatic_disease IS NOT NULL
        ) AS extrahepatic_exam_id
    FROM exam
    GROUP BY patient_id
),

-- Liver lesions alone: Table 1 describes the liver metastases, so targets elsewhere stay out.
measured AS (
    SELECT
        l.patient_id,
        l.exam_id,
        l.lesion_id,
        l.longest_diameter_mm,
        DENSE_RANK() OVER (
            PARTITION BY l.patient_id ORDER BY e.exam_date DESC NULLS LAST, l.exam_id DESC NULLS LAST
        ) AS exam_place
    FROM scope.lesions AS l
    INNER JOIN exam AS e ON l.patient_id = e.patient_id AND l.exam_id = e.exam_id
    WHERE
        l.lesion_kind = 'target'
        AND {{ is_of_liver('l') }}
        AND COALESCE(l.reader, '') = ''
        AND l.longest_diameter_mm IS NOT NULL
),

sized AS (
    SELECT
        measured.*,
        ROW_NUMBER() OVER (
            PARTITION BY patient_id ORDER BY longest_diameter_mm DESC NULLS LAST, lesion_id ASC NULLS LAST
        ) AS size_place
    FROM measured
    WHERE exam_place = 1
),

-- Numbered as the lesions are, not by size: in Table 1 the second target is the larger one in some patients.
numbered AS (
    SELECT
        sized.*,
        ROW_NUMBER() OVER (PARTITION BY patient_id ORDER BY lesion_id ASC NULLS LAST) AS target_number
    FROM sized
    WHERE size_place <= (SELECT value FROM reference.setting WHERE name = 'mrecist_target_lesions')
),

target AS (
    SELECT
        patient_id,
        MAX(exam_id) AS target_exam_id,
        MAX(longest_diameter_mm) FILTER (WHERE target_number = 1) AS target_1_mm,
        MAX(longest_diameter_mm) FILTER (WHERE target_number = 2) AS target_2_mm,
        SUM(longest_diameter_mm) AS target_sum_mm
    FROM numbered
    GROUP BY patient_id
)

SELECT
    f.patient_id,
    f.liver_burden_percent,
    c.category AS liver_burden_class,
    f.burden_exam_id,
    f.extrahepatic_disease,
    f.extrahepatic_exam_id,
    t.target_1_mm,
    t.target_2_mm,
    t.target_sum_mm,
    t.target_exam_id
FROM finding AS f
LEFT JOIN target AS t ON f.patient_id = t.patient_id
LEFT JOIN reference.class_range AS c
    ON
        c.characteristic = 'liver_burden'
        AND f.liver_burden_percent >= c.from_value
        AND f.liver_burden_percent < c.below_value
