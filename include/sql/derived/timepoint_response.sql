-- Tumour response at every exam after the first procedure, by each rule set and reader.
-- Differences are compared as decimals of 1e-9 mm: exactly -30 % and exactly +20 % count despite binary fractions.
WITH exam AS (
    SELECT
        exams.patient_id,
        exams.exam_id,
        exams.exam_date
    FROM scope.exams AS exams
    INNER JOIN scope.treatment_session AS first_procedure
        ON
            exams.patient_id = first_procedure.patient_id
            AND first_procedure.session_number = 1
            AND exams.exam_date > first_procedure.performed_on
),

baseline AS (
    SELECT
        patient_id,
        reader,
        criteria,
        MIN(exam_id) AS baseline_exam_id,
        COUNT(*) FILTER (WHERE is_target) AS targets,
        COUNT(*) FILTER (WHERE NOT is_target) AS non_targets,
        CASE
            WHEN COUNT(*) FILTER (WHERE is_target) = COUNT(size_mm) FILTER (WHERE is_target)
                THEN CAST(CAST(SUM(size_mm) FILTER (WHERE is_target) AS NUMERIC(18, 9)) AS DOUBLE PRECISION)
        END AS sum_mm
    FROM scope.baseline_lesion
    GROUP BY patient_id, reader, criteria
),

-- The registry's reader answers for every exam, any other for those that he has read.
assessed_exam AS (
    SELECT
        patient_id,
        exam_id,
        exam_date,
        'registry' AS reader
    FROM exam
    UNION
    SELECT
        patient_id,
        exam_id,
        exam_date,
        reader
    FROM scope.lesion_reading
    WHERE after_treatment AND reader <> 'registry'
),

assessed AS (
    SELECT
        assessed_exam.patient_id,
        assessed_exam.reader,
        assessed_exam.exam_id,
        assessed_exam.exam_date,
        rule_set.criteria,
        baseline.baseline_exam_id,
        baseline.targets,
        baseline.sum_mm AS baseline_sum_mm,
        finding.sum_mm,
        COALESCE(finding.new_lesions, 0) > 0 AS new_lesion,
        COALESCE(baseline.targets = finding.targets_measured, FALSE) AS complete,
        COALESCE(baseline.targets = finding.targets_gone, FALSE) AS every_target_gone,
        CASE WHEN baseline.targets = finding.targets_measured THEN finding.sum_mm END AS complete_sum_mm,
        CASE
            WHEN finding.non_targets_progressing > 0 THEN 'PD'
            WHEN COALESCE(baseline.non_targets, 0) = 0 AND COALESCE(finding.non_targets_read, 0) = 0 THEN NULL
            WHEN COALESCE(baseline.non_targets, 0) > COALESCE(finding.non_targets_known, 0) THEN 'NE'
            WHEN finding.non_targets_not_evaluable > 0 THEN 'NE'
            WHEN finding.non_targets_gone = finding.non_targets_read THEN 'CR'
            ELSE 'NON_CR_NON_PD'
        END AS non_target_response
    FROM assessed_exam
    CROSS JOIN reference.response_rule AS rule_set
    LEFT JOIN baseline
        ON
            assessed_exam.patient_id = baseline.patient_id
            AND assessed_exam.reader = baseline.reader
            AND rule_set.criteria = baseline.criteria
    LEFT JOIN scope.lesion_finding AS finding
        ON
            assessed_exam.exam_id = finding.exam_id
            AND assessed_exam.reader = finding.reader
            AND rule_set.criteria = finding.criteria
),

with_nadir AS (
    SELECT
        assessed.*,
        LEAST(
            baseline_sum_mm,
            MIN(complete_sum_mm) OVER (
                PARTITION BY patient_id, reader, criteria
                ORDER BY exam_date NULLS LAST, exam_id NULLS LAST
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            )
        ) AS nadir_sum_mm
    FROM assessed
),

target_judged AS (
    SELECT
        with_nadir.*,
        CASE
            WHEN targets = 0 THEN NULL
            WHEN complete AND every_target_gone THEN 'CR'
            WHEN
                sum_mm > nadir_sum_mm
                AND CAST(sum_mm - rule_set.progression_ratio * nadir_sum_mm AS NUMERIC(18, 9)) >= 0
                AND (
                    CAST(sum_mm - nadir_sum_mm - rule_set.minimum_mm AS NUMERIC(18, 9)) >= 0
                    OR (nadir_sum_mm = 0 AND rule_set.any_regrowth)
                )
                THEN 'PD'
            WHEN NOT complete OR baseline_sum_mm IS NULL THEN 'NE'
            WHEN CAST(sum_mm - rule_set.response_ratio * baseline_sum_mm AS NUMERIC(18, 9)) <= 0 THEN 'PR'
            ELSE 'SD'
        END AS target_response
    FROM with_nadir
    INNER JOIN reference.response_rule AS rule_set ON with_nadir.criteria = rule_set.criteria
)

SELECT
    patient_id,
    reader,
    exam_id,
    criteria,
    exam_date,
    baseline_exam_id,
    sum_mm,
    baseline_sum_mm,
    nadir_sum_mm,
    (complete_sum_mm - baseline_sum_mm) * 100 / NULLIF(baseline_sum_mm, 0) AS change_from_baseline_percent,
    (complete_sum_mm - nadir_sum_mm) * 100 / NULLIF(nadir_sum_mm, 0) AS change_from_nadir_percent,
    target_response,
    non_target_response,
    new_lesion,
    CASE
        WHEN new_lesion OR target_response = 'PD' OR non_target_response = 'PD' THEN 'PD'
        WHEN targets = 0 THEN COALESCE(non_target_response, 'NE')
        WHEN target_response = 'CR' AND non_target_response IN ('NON_CR_NON_PD', 'NE') THEN 'PR'
        ELSE target_response
    END AS response
FROM target_judged
