-- What is known at each exam of a time point: the last reading of every lesion up to it.
-- The liver's lesions are added up by themselves where a patient has others as well.
WITH with_others AS (
    SELECT DISTINCT
        patient_id,
        reader
    FROM scope.lesion_reading
    WHERE NOT is_of_liver
),

-- Lesions that a reader knows from an exam before the treatment, and that were not gone when read last.
seen_before AS (
    SELECT
        patient_id,
        reader,
        lesion_id
    FROM scope.lesion_reading
    WHERE NOT after_treatment
    GROUP BY patient_id, reader, lesion_id
    HAVING MAX(exam_date) FILTER (WHERE assessment IS DISTINCT FROM 'absent') = MAX(exam_date)
),

with_baseline AS (
    SELECT DISTINCT
        patient_id,
        reader
    FROM scope.lesion_reading
    WHERE NOT after_treatment
),

later_size AS (
    SELECT
        reading.*,
        state.exam_number AS state_number,
        state.exam_id AS state_exam_id,
        rule_set.criteria,
        rule_set.node_normal_mm,
        rule_set.node_back_from_mm,
        with_baseline.patient_id IS NOT NULL AND seen_before.lesion_id IS NULL AS unknown_before,
        CASE rule_set.criteria WHEN 'mrecist' THEN reading.viable_size_mm ELSE reading.longest_size_mm END AS size_mm
    FROM scope.lesion_reading AS reading
    INNER JOIN scope.timepoint_exam AS state
        ON
            reading.patient_id = state.patient_id
            AND reading.reader = state.reader
            AND reading.timepoint_date = state.timepoint_date
            AND reading.exam_number <= state.exam_number
            AND COALESCE(reading.next_exam_number > state.exam_number, TRUE)
    LEFT JOIN with_baseline
        ON
            reading.patient_id = with_baseline.patient_id
            AND reading.reader = with_baseline.reader
    LEFT JOIN seen_before
        ON
            reading.patient_id = seen_before.patient_id
            AND reading.reader = seen_before.reader
            AND reading.lesion_id = seen_before.lesion_id
    CROSS JOIN reference.response_rule AS rule_set
    WHERE reading.after_treatment
),

followed AS (
    SELECT
        later_size.*,
        CASE
            WHEN later_size.assessment IS NOT NULL THEN later_size.assessment
            WHEN later_size.lesion_kind = 'new' OR later_size.size_mm IS NOT NULL THEN 'present'
            WHEN later_size.unknown_before AND COALESCE(later_size.longest_size_mm, later_size.viable_size_mm) > 0
                THEN 'present'
            ELSE 'not_evaluable'
        END AS found,
        baseline_lesion.lesion_id IS NOT NULL AS known,
        COALESCE(baseline_lesion.is_target, FALSE) AS is_target,
        later_size.lymph_node OR COALESCE(baseline_lesion.lymph_node, FALSE) AS is_node,
        later_size.is_of_liver AND COALESCE(baseline_lesion.is_of_liver, TRUE) AS is_hepatic,
        CASE
            WHEN later_size.size_mm = 0 THEN TRUE
            WHEN later_size.node_normal_mm IS NULL THEN FALSE
            WHEN later_size.assessment = 'absent' THEN TRUE
            WHEN later_size.lymph_node OR baseline_lesion.lymph_node
                THEN COALESCE(later_size.size_mm < later_size.node_normal_mm, FALSE)
            ELSE FALSE
        END AS gone
    FROM later_size
    LEFT JOIN scope.baseline_lesion AS baseline_lesion
        ON
            later_size.patient_id = baseline_lesion.patient_id
            AND later_size.reader = baseline_lesion.reader
            AND later_size.criteria = baseline_lesion.criteria
            AND later_size.lesion_id = baseline_lesion.lesion_id
),

-- A target is there when it has a size, any other lesion when it is said to be there.
seen AS (
    SELECT
        followed.*,
        found IN ('present', 'unequivocal_progression')
        AND NOT gone
        AND NOT (is_target AND size_mm IS NULL)
        AND NOT (is_node AND COALESCE(longest_size_mm < node_back_from_mm, FALSE)) AS is_there
    FROM followed
),

-- A lesion that the baseline does not know is new where it is labelled so, or where its reader read lesions before the
-- treatment and this one not or as gone; either diameter shows that it is there.
cast_in AS (
    SELECT
        seen.*,
        CASE
            WHEN is_target THEN 'target'
            WHEN NOT known AND (lesion_kind = 'new' OR (unknown_before AND is_there)) THEN 'new'
            ELSE 'non_target'
        END AS role
    FROM seen
)

SELECT
    cast_in.patient_id,
    cast_in.reader,
    cast_in.criteria,
    part.region,
    cast_in.timepoint_date,
    cast_in.state_number AS exam_number,
    cast_in.state_exam_id AS exam_id,
    COUNT(cast_in.size_mm) FILTER (WHERE cast_in.role = 'target') AS targets_measured,
    COUNT(*) FILTER (WHERE cast_in.role = 'target' AND cast_in.gone) AS targets_gone,
    CAST(CAST(SUM(cast_in.size_mm) FILTER (WHERE cast_in.role = 'target') AS NUMERIC(18, 9)) AS DOUBLE PRECISION)
        AS sum_mm,
    COUNT(*) FILTER (WHERE cast_in.role = 'non_target') AS non_targets_read,
    COUNT(*) FILTER (WHERE cast_in.role = 'non_target' AND cast_in.known) AS non_targets_known,
    COUNT(*) FILTER (WHERE cast_in.role = 'non_target' AND cast_in.gone) AS non_targets_gone,
    COUNT(*) FILTER (WHERE cast_in.role = 'non_target' AND cast_in.found = 'not_evaluable')
        AS non_targets_not_evaluable,
    COUNT(*) FILTER (WHERE cast_in.role = 'non_target' AND cast_in.found = 'unequivocal_progression')
        AS non_targets_progressing,
    COUNT(*) FILTER (WHERE cast_in.role = 'new') AS new_lesions,
    COUNT(*) FILTER (WHERE cast_in.role <> 'new' AND cast_in.is_there) AS lesions_there
FROM cast_in
CROSS JOIN (VALUES ('all'), ('liver')) AS part (region)
LEFT JOIN with_others ON cast_in.patient_id = with_others.patient_id AND cast_in.reader = with_others.reader
WHERE
    (cast_in.role <> 'new' OR cast_in.found IN ('present', 'unequivocal_progression'))
    AND (part.region = 'all' OR (with_others.patient_id IS NOT NULL AND cast_in.is_hepatic))
GROUP BY
    cast_in.patient_id,
    cast_in.reader,
    cast_in.criteria,
    part.region,
    cast_in.timepoint_date,
    cast_in.state_number,
    cast_in.state_exam_id
