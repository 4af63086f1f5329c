-- Each reader's own baseline: the last exam on or before the first procedure that this reader has read.
WITH baseline_exam AS (
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
        FROM scope.lesion_reading
        WHERE NOT after_treatment
    ) AS read_exam
),

baseline_size AS (
    SELECT
        reading.patient_id,
        reading.reader,
        reading.exam_id,
        reading.measurement_id,
        reading.lesion_id,
        reading.lesion_kind,
        reading.lymph_node,
        rule_set.criteria,
        rule_set.targets_maximum,
        CASE rule_set.criteria WHEN 'mrecist' THEN reading.viable_size_mm ELSE reading.longest_size_mm END AS size_mm
    FROM scope.lesion_reading AS reading
    INNER JOIN baseline_exam
        ON
            reading.patient_id = baseline_exam.patient_id
            AND reading.reader = baseline_exam.reader
            AND reading.exam_id = baseline_exam.exam_id
            AND baseline_exam.recency = 1
    CROSS JOIN reference.response_rule AS rule_set
)

SELECT
    patient_id,
    reader,
    criteria,
    lesion_id,
    measurement_id,
    exam_id,
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
