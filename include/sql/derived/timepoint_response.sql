-- Tumour response at every exam after the first procedure, by each rule set and reader.
-- Differences are compared as decimals of 1e-9 mm: exactly -30 % and exactly +20 % count despite binary fractions.
WITH setting AS (
    SELECT
        MAX(value) FILTER (WHERE name = 'mrecist_target_lesions') AS mrecist_targets,
        MAX(value) FILTER (WHERE name = 'recist_1_1_target_lesions') AS recist_targets,
        MAX(value) FILTER (WHERE name = 'partial_response_ratio') AS response_ratio,
        MAX(value) FILTER (WHERE name = 'progression_ratio') AS progression_ratio,
        MAX(value) FILTER (WHERE name = 'progression_minimum_mm') AS minimum_mm,
        MAX(value) FILTER (WHERE name = 'recist_1_1_nadir_zero_is_progression') = 1 AS any_regrowth,
        MAX(value) FILTER (WHERE name = 'node_normal_mm') AS node_normal_mm
    FROM reference.setting
),

rule_set AS (
    SELECT
        'mrecist' AS criteria,
        mrecist_targets AS targets_maximum,
        0 AS minimum_mm,
        TRUE AS any_regrowth
    FROM setting
    UNION ALL
    SELECT
        'recist_1_1' AS criteria,
        recist_targets AS targets_maximum,
        minimum_mm,
        any_regrowth
    FROM setting
),

first_procedure AS (
    SELECT
        patient_id,
        performed_on
    FROM scope.treatment_session
    WHERE session_number = 1
),

exam AS (
    SELECT
        exams.patient_id,
        exams.exam_id,
        exams.exam_date,
        exams.exam_date > first_procedure.performed_on AS after_treatment
    FROM scope.exams AS exams
    INNER JOIN first_procedure ON exams.patient_id = first_procedure.patient_id
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
),

-- A size is null when the lesion could not be evaluated, and 0 when it is absent and nobody measured it.
reading AS (
    SELECT
        lesions.patient_id,
        lesions.exam_id,
        lesions.lesion_id,
        lesions.lesion_kind,
        lesions.assessment,
        exam.exam_date,
        exam.after_treatment,
        COALESCE(lesions.reader, 'registry') AS reader,
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
),

-- Each reader's own baseline: the last exam on or before the first procedure that this reader has read.
baseline_exam AS (
    SELECT
        patient_id,
        reader,
        exam_id,
        ROW_NUMBER() OVER (
            PARTITION BY patient_id, reader ORDER BY exam_date DESC NULLS LAST, exam_id DESC NULLS LAST
        ) AS recency
    FROM (
        SELECT DISTINCT
            patient_id,
            reader,
            exam_id,
            exam_date
        FROM reading
        WHERE NOT after_treatment
    ) AS read_exam
),

baseline_size AS (
    SELECT
        reading.patient_id,
        reading.reader,
        reading.exam_id,
        reading.lesion_id,
        reading.lesion_kind,
        reading.lymph_node,
        rule_set.criteria,
        rule_set.targets_maximum,
        CASE rule_set.criteria WHEN 'mrecist' THEN reading.viable_size_mm ELSE reading.longest_size_mm END AS size_mm
    FROM reading
    INNER JOIN baseline_exam
        ON
            reading.patient_id = baseline_exam.patient_id
            AND reading.reader = baseline_exam.reader
            AND reading.exam_id = baseline_exam.exam_id
            AND baseline_exam.recency = 1
    CROSS JOIN rule_set
),

baseline_lesion AS (
    SELECT
        patient_id,
        reader,
        criteria,
        exam_id,
        lesion_id,
        lymph_node,
        size_mm,
        lesion_kind = 'target' AND targets_maximum >= ROW_NUMBER() OVER (
            PARTITION BY patient_id, reader, criteria
            ORDER BY
                CASE lesion_kind WHEN 'target' THEN 0 ELSE 1 END ASC NULLS LAST,
                size_mm DESC NULLS LAST,
                lesion_id ASC NULLS LAST
        ) AS is_target
    FROM baseline_size
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
    FROM baseline_lesion
    GROUP BY patient_id, reader, criteria
),

later_size AS (
    SELECT
        reading.*,
        rule_set.criteria,
        CASE rule_set.criteria WHEN 'mrecist' THEN reading.viable_size_mm ELSE reading.longest_size_mm END AS size_mm
    FROM reading
    CROSS JOIN rule_set
    WHERE reading.after_treatment
),

-- What became of each lesion; one that the baseline does not know and that is not called new is non-target.
followed AS (
    SELECT
        later_size.reader,
        later_size.exam_id,
        later_size.criteria,
        later_size.size_mm,
        CASE
            WHEN later_size.assessment IS NOT NULL THEN later_size.assessment
            WHEN later_size.size_mm IS NULL AND later_size.lesion_kind <> 'new' THEN 'not_evaluable'
            ELSE 'present'
        END AS assessment,
        baseline_lesion.lesion_id IS NOT NULL AS known,
        CASE
            WHEN baseline_lesion.is_target THEN 'target'
            WHEN baseline_lesion.lesion_id IS NULL AND later_size.lesion_kind = 'new' THEN 'new'
            ELSE 'non_target'
        END AS role,
        CASE
            WHEN later_size.size_mm = 0 THEN TRUE
            WHEN later_size.criteria <> 'recist_1_1' THEN FALSE
            WHEN later_size.assessment = 'absent' THEN TRUE
            WHEN later_size.lymph_node OR baseline_lesion.lymph_node
                THEN COALESCE(later_size.size_mm < setting.node_normal_mm, FALSE)
            ELSE FALSE
        END AS gone
    FROM later_size
    CROSS JOIN setting
    LEFT JOIN baseline_lesion
        ON
            later_size.patient_id = baseline_lesion.patient_id
            AND later_size.reader = baseline_lesion.reader
            AND later_size.criteria = baseline_lesion.criteria
            AND later_size.lesion_id = baseline_lesion.lesion_id
),

finding AS (
    SELECT
        reader,
        exam_id,
        criteria,
        COUNT(size_mm) FILTER (WHERE role = 'target') AS targets_measured,
        COUNT(*) FILTER (WHERE role = 'target' AND gone) AS targets_gone,
        CAST(CAST(SUM(size_mm) FILTER (WHERE role = 'target') AS NUMERIC(18, 9)) AS DOUBLE PRECISION) AS sum_mm,
        COUNT(*) FILTER (WHERE role = 'non_target') AS non_targets_read,
        COUNT(*) FILTER (WHERE role = 'non_target' AND known) AS non_targets_known,
        COUNT(*) FILTER (WHERE role = 'non_target' AND gone) AS non_targets_gone,
        COUNT(*) FILTER (WHERE role = 'non_target' AND assessment = 'not_evaluable') AS non_targets_not_evaluable,
        COUNT(*) FILTER (
            WHERE role = 'non_target' AND assessment = 'unequivocal_progression'
        ) AS non_targets_progressing,
        COUNT(*) FILTER (WHERE role = 'new') AS new_lesions
    FROM followed
    WHERE role <> 'new' OR assessment IN ('present', 'unequivocal_progression')
    GROUP BY reader, exam_id, criteria
),

-- The registry's reader answers for every exam, any other for those that he has read.
assessed_exam AS (
    SELECT
        patient_id,
        exam_id,
        exam_date,
        'registry' AS reader
    FROM exam
    WHERE after_treatment
    UNION
    SELECT
        patient_id,
        exam_id,
        exam_date,
        reader
    FROM reading
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
    CROSS JOIN rule_set
    LEFT JOIN baseline
        ON
            assessed_exam.patient_id = baseline.patient_id
            AND assessed_exam.reader = baseline.reader
            AND rule_set.criteria = baseline.criteria
    LEFT JOIN finding
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
                AND CAST(sum_mm - setting.progression_ratio * nadir_sum_mm AS NUMERIC(18, 9)) >= 0
                AND (
                    CAST(sum_mm - nadir_sum_mm - rule_set.minimum_mm AS NUMERIC(18, 9)) >= 0
                    OR (nadir_sum_mm = 0 AND rule_set.any_regrowth)
                )
                THEN 'PD'
            WHEN NOT complete OR baseline_sum_mm IS NULL THEN 'NE'
            WHEN CAST(sum_mm - setting.response_ratio * baseline_sum_mm AS NUMERIC(18, 9)) <= 0 THEN 'PR'
            ELSE 'SD'
        END AS target_response
    FROM with_nadir
    INNER JOIN rule_set ON with_nadir.criteria = rule_set.criteria
    CROSS JOIN setting
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
