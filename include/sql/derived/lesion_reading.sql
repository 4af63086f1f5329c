{% from 'derived/organ.sql' import is_of_liver %}
-- Of a person whose lesions several sites read each reader follows those of one site: the keys of lesions are a site's
-- own, so the same metastasis would enter a sum twice.
-- A size is null when the lesion could not be evaluated, and 0 when it is absent and nobody measured it.
-- COALESCE hides a comparison from PostgreSQL's planner, which would expect it to leave next to no rows.
WITH reading AS (
    SELECT
        lesions.measurement_id,
        lesions.patient_id,
        exam.reader,
        COALESCE(file.site, '') AS site,
        lesions.exam_id,
        exam.exam_number,
        exam.exam_date,
        exam.timepoint_date,
        exam.after_treatment,
        lesions.lesion_id,
        lesions.lesion_kind,
        lesions.assessment,
        COALESCE(lesions.lymph_node = 'yes', lesions.organ = 'lymph_node', FALSE) AS lymph_node,
        {{ is_of_liver('lesions') }} AS is_of_liver,
        CASE
            WHEN lesions.assessment = 'not_evaluable' THEN 0
            WHEN lesions.assessment = 'absent' OR lesions.lesion_kind = 'new' THEN 1
            WHEN COALESCE(lesions.viable_diameter_mm, lesions.longest_diameter_mm) IS NOT NULL THEN 1
            WHEN lesions.assessment IS NULL OR lesions.lesion_kind = 'target' THEN 0
            ELSE 1
        END AS evaluated,
        CASE
            WHEN lesions.assessment = 'absent' THEN COALESCE(lesions.viable_diameter_mm, 0)
            WHEN COALESCE(lesions.assessment, 'present') <> 'not_evaluable' THEN lesions.viable_diameter_mm
        END AS viable_size_mm,
        CASE
            WHEN lesions.assessment = 'absent' THEN COALESCE(lesions.longest_diameter_mm, 0)
            WHEN COALESCE(lesions.assessment, 'present') <> 'not_evaluable' THEN lesions.longest_diameter_mm
        END AS longest_size_mm
    FROM scope.lesions AS lesions
    INNER JOIN received.file AS file ON lesions.load_id = file.load_id
    INNER JOIN scope.timepoint_exam AS exam
        ON lesions.exam_id = exam.exam_id AND COALESCE(lesions.reader, 'registry') = exam.reader
    WHERE COALESCE(lesions.patient_id = exam.patient_id, FALSE)
),

-- A site that saw the lesions before the treatment, then the one that saw them at most time points after it.
followed AS (
    SELECT
        patient_id,
        reader,
        site,
        ROW_NUMBER() OVER (
            PARTITION BY patient_id, reader
            ORDER BY
                BOOL_AND(after_treatment) ASC NULLS LAST,
                COUNT(DISTINCT timepoint_date) FILTER (WHERE after_treatment) DESC NULLS LAST,
                MAX(exam_date) FILTER (WHERE NOT after_treatment) DESC NULLS LAST,
                site ASC NULLS LAST
        ) AS place
    FROM reading
    GROUP BY patient_id, reader, site
),

in_turn AS (
    SELECT
        reading.*,
        MAX(reading.evaluated) OVER same_lesion AS any_evaluated,
        LEAD(reading.exam_number) OVER (
            PARTITION BY reading.patient_id, reading.reader, reading.timepoint_date, reading.lesion_id
            ORDER BY
                reading.evaluated NULLS LAST, reading.exam_number NULLS LAST, reading.measurement_id NULLS LAST
        ) AS next_exam_number
    FROM reading
    INNER JOIN followed
        ON
            reading.patient_id = followed.patient_id
            AND reading.reader = followed.reader
            AND reading.site = followed.site
    WHERE followed.place = 1
    WINDOW same_lesion AS (
        PARTITION BY reading.patient_id, reading.reader, reading.timepoint_date, reading.lesion_id
    )
)

SELECT
    measurement_id,
    patient_id,
    reader,
    site,
    exam_id,
    exam_number,
    next_exam_number,
    exam_date,
    timepoint_date,
    after_treatment,
    lesion_id,
    lesion_kind,
    assessment,
    lymph_node,
    is_of_liver,
    viable_size_mm,
    longest_size_mm
FROM in_turn
WHERE evaluated = any_evaluated AND COALESCE(next_exam_number > exam_number, TRUE)
