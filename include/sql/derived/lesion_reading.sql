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
        COALESCE(lesions.lymph_node = 'yes', FALSE) AS lymph_node,
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

in_turn AS (
    SELECT
        reading.*,
        MAX(evaluated) OVER same_lesion AS any_evaluated,
        LEAD(exam_number) OVER (
            PARTITION BY patient_id, reader, timepoint_date, lesion_id
            ORDER BY evaluated NULLS LAST, exam_number NULLS LAST, measurement_id NULLS LAST
        ) AS next_exam_number
    FROM reading
    WINDOW same_lesion AS (PARTITION BY patient_id, reader, timepoint_date, lesion_id)
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
    viable_size_mm,
    longest_size_mm
FROM in_turn
WHERE evaluated = any_evaluated AND COALESCE(next_exam_number > exam_number, TRUE)
