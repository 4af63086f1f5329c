WITH later_size AS (
    SELECT
        reading.*,
        rule_set.criteria,
        rule_set.node_normal_mm,
        CASE rule_set.criteria WHEN 'mrecist' THEN reading.viable_size_mm ELSE reading.longest_size_mm END AS size_mm
    FROM scope.lesion_reading AS reading
    CROSS JOIN reference.response_rule AS rule_set
    WHERE reading.after_treatment
),

-- What became of each lesion; one that the baseline does not know and that is not called new is non-target.
followed AS (
    SELECT
        later_size.patient_id,
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
)

SELECT
    patient_id,
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
GROUP BY patient_id, reader, exam_id, criteria
