-- A size is null when the lesion could not be evaluated, and 0 when it is absent and nobody measured it.
WITH exam AS (
    SELECT
        exams.patient_id,
        exams.exam_id,
        exams.exam_date,
        exams.exam_date > first_procedure.performed_on AS after_treatment
    FROM scope.exams AS exams
    INNER JOIN scope.treatment_session AS first_procedure
        ON exams.patient_id = first_procedure.patient_id AND first_procedure.session_number = 1
),

-- A lesion that one reader measured twice at one exam counts once: the row with the last id.
-- COALESCE hides two comparisons from PostgreSQL's planner, which would expect them to leave next to no rows.
repeated AS (
    SELECT
        exam_id,
        lesion_id,
        COALESCE(reader, 'registry') AS reader,
        MAX(measurement_id) AS last_id
    FROM scope.lesions
    GROUP BY exam_id, lesion_id, COALESCE(reader, 'registry')
    HAVING COUNT(*) > 1
)

SELECT
    lesions.measurement_id,
    lesions.patient_id,
    COALESCE(lesions.reader, 'registry') AS reader,
    lesions.exam_id,
    exam.exam_date,
    exam.after_treatment,
    lesions.lesion_id,
    lesions.lesion_kind,
    lesions.assessment,
    COALESCE(lesions.lymph_node = 'yes', FALSE) AS lymph_node,
    CASE
        WHEN lesions.assessment = 'absent' THEN COALESCE(lesions.viable_diameter_mm, 0)
        WHEN COALESCE(lesions.assessment, 'present') <> 'not_evaluable' THEN lesions.viable_diameter_mm
    END AS viable_size_mm,
    CASE
        WHEN lesions.assessment = 'absent' THEN COALESCE(lesions.longest_diameter_mm, 0)
        WHEN COALESCE(lesions.assessment, 'present') <> 'not_evaluable' THEN lesions.longest_diameter_mm
    END AS longest_size_mm
FROM scope.lesions AS lesions
INNER JOIN exam ON lesions.exam_id = exam.exam_id
LEFT JOIN repeated
    ON
        lesions.exam_id = repeated.exam_id
        AND lesions.lesion_id = repeated.lesion_id
        AND COALESCE(lesions.reader, 'registry') = repeated.reader
WHERE
    COALESCE(lesions.patient_id = exam.patient_id, FALSE)
    AND COALESCE(lesions.measurement_id = repeated.last_id, TRUE)
