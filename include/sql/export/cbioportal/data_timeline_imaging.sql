SELECT
    f.patient_id,
    e.exam_date - f.first_procedure AS start_date,
    NULL AS stop_date,
    'IMAGING' AS event_type,
    e.modality AS diagnostic_type
FROM derived.follow_up AS f
INNER JOIN clinical.current_exams AS e ON f.patient_id = e.patient_id
WHERE f.first_procedure IS NOT NULL
