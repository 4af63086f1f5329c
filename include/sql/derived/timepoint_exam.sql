SELECT
    patient_id,
    reader,
    exam_id,
    exam_date,
    timepoint_date,
    after_treatment,
    exam_number,
    is_last
FROM scope.time_point
