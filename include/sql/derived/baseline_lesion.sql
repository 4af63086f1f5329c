-- Each reader's own baseline: the last time point on or before the first procedure at which this reader read a lesion.
-- A lesion that is gone by then is none of it.
WITH baseline_timepoint AS (
    SELECT
        patient_id,
        reader,
        MAX(timepoint_date) AS timepoint_date
    FROM scope.lesion_reading
    WHERE NOT after_treatment
    GROUP BY patient_id, reader
),

baseline_size AS (
    SELECT
        reading.patient_id,
        reading.reader,
        reading.exam_id,
        reading.exam_number,
        reading.timepoint_date,
        reading.measurement_id,
        reading.lesion_id,
        reading.lesion_kind,
        reading.lymph_node,
        reading.is_of_liver,
        rule_set.criteria,
        rule_set.targets_maximum,
        CASE rule_set.criteria WHEN 'mrecist' THEN reading.viable_size_mm ELSE reading.longest_size_mm END AS size_mm
    FROM scope.lesion_reading AS reading
    INNER JOIN baseline_timepoint
        ON
            reading.patient_id = baseline_timepoint.patient_id
            AND reading.reader = baseline_timepoint.reader
            AND reading.timepoint_date = baseline_timepoint.timepoint_date
    CROSS JOIN reference.response_rule AS rule_set
    WHERE reading.next_exam_number IS NULL AND reading.assessment IS DISTINCT FROM 'absent'
)

SELECT
    patient_id,
    reader,
    criteria,
    lesion_id,
    measurement_id,
    exam_id,
    exam_number,
    timepoint_date,
    lymph_node,
    is_of_liver,
    size_mm,
    lesion_kind = 'target' AND targets_maximum >= ROW_NUMBER() OVER (
        PARTITION BY patient_id, reader, criteria
        ORDER BY
            CASE lesion_kind WHEN 'target' THEN 0 ELSE 1 END ASC NULLS LAST,
            size_mm DESC NULLS LAST,
            lesion_id ASC NULLS LAST
    ) AS is_target
FROM baseline_size
