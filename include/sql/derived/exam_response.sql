-- Tumour response as it stands at every exam after the first procedure, by each rule set and reader; the last exam of a
-- time point settles it. Differences are compared as decimals of 1e-9 mm: exactly -30 % and exactly +20 % count despite
-- binary fractions.
WITH with_others AS (
    SELECT DISTINCT
        patient_id,
        reader
    FROM scope.lesion_reading
    WHERE NOT is_of_liver
),

baseline AS (
    SELECT
        patient_id,
        reader,
        criteria,
        region,
        COUNT(*) FILTER (WHERE is_target) AS targets,
        COUNT(*) FILTER (WHERE is_other) AS non_targets,
        CASE
            WHEN COUNT(*) FILTER (WHERE is_target) = COUNT(size_mm) FILTER (WHERE is_target)
                THEN CAST(CAST(SUM(size_mm) FILTER (WHERE is_target) AS NUMERIC(18, 9)) AS DOUBLE PRECISION)
        END AS sum_mm
    FROM (
        SELECT
            lesion.patient_id,
            lesion.reader,
            lesion.criteria,
            part.region,
            lesion.size_mm,
            lesion.is_target AND (part.region = 'all' OR lesion.is_of_liver) AS is_target,
            NOT lesion.is_target AND (part.region = 'all' OR lesion.is_of_liver) AS is_other
        FROM scope.baseline_lesion AS lesion
        CROSS JOIN (VALUES ('all'), ('liver')) AS part (region)
    ) AS member
    GROUP BY patient_id, reader, criteria, region
),

assessed AS (
    SELECT
        exam.patient_id,
        exam.reader,
        rule_set.criteria,
        part.region,
        exam.timepoint_date,
        exam.exam_number,
        exam.exam_id,
        exam.exam_date,
        exam.is_last,
        baseline.targets,
        baseline.sum_mm AS baseline_sum_mm,
        finding.sum_mm,
        COALESCE(finding.new_lesions, 0) > 0 AS new_lesion,
        COALESCE(finding.lesions_there, 0) > 0 AS any_there,
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
    FROM scope.timepoint_exam AS exam
    CROSS JOIN reference.response_rule AS rule_set
    CROSS JOIN (VALUES ('all'), ('liver')) AS part (region)
    LEFT JOIN with_others ON exam.patient_id = with_others.patient_id AND exam.reader = with_others.reader
    LEFT JOIN baseline
        ON
            exam.patient_id = baseline.patient_id
            AND exam.reader = baseline.reader
            AND rule_set.criteria = baseline.criteria
            AND part.region = baseline.region
    LEFT JOIN scope.lesion_finding AS finding
        ON
            exam.patient_id = finding.patient_id
            AND exam.reader = finding.reader
            AND exam.timepoint_date = finding.timepoint_date
            AND exam.exam_number = finding.exam_number
            AND rule_set.criteria = finding.criteria
            AND part.region = finding.region
    WHERE exam.after_treatment AND (part.region = 'all' OR with_others.patient_id IS NOT NULL)
),

with_nadir AS (
    SELECT
        assessed.*,
        LEAST(
            baseline_sum_mm,
            MIN(CASE WHEN is_last THEN complete_sum_mm END) OVER (
                PARTITION BY patient_id, reader, criteria, region
                ORDER BY timepoint_date NULLS LAST
                GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
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
),

compared AS (
    SELECT
        target_judged.*,
        CASE
            WHEN new_lesion OR target_response = 'PD' OR non_target_response = 'PD' THEN 'PD'
            WHEN targets = 0 THEN COALESCE(non_target_response, 'NE')
            WHEN target_response = 'CR' AND non_target_response IN ('NON_CR_NON_PD', 'NE') THEN 'PR'
            ELSE target_response
        END AS compared_response
    FROM target_judged
),

with_complete_response AS (
    SELECT
        compared.*,
        COUNT(*) FILTER (WHERE is_last AND compared_response = 'CR') OVER (
            PARTITION BY patient_id, reader, criteria, region
            ORDER BY timepoint_date NULLS LAST
            GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS complete_responses
    FROM compared
)

SELECT
    patient_id,
    reader,
    criteria,
    region,
    timepoint_date,
    exam_number,
    exam_id,
    exam_date,
    is_last,
    sum_mm,
    complete_sum_mm,
    baseline_sum_mm,
    nadir_sum_mm,
    target_response,
    non_target_response,
    new_lesion,
    CASE WHEN any_there AND complete_responses > 0 THEN 'PD' ELSE compared_response END AS response
FROM with_complete_response
