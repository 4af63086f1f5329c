SELECT
    patient_id,
    exam_date,
    MIN(exam_id) FILTER (WHERE response <> 'NE') AS evaluable_id,
    MIN(exam_id) FILTER (WHERE response = 'PD') AS progression_id,
    MIN(exam_id) FILTER (WHERE response IN ('CR', 'PR')) AS response_id
FROM scope.timepoint_response
WHERE criteria = 'mrecist' AND reader = 'registry'
GROUP BY patient_id, exam_date
