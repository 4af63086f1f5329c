-- An exam without modality is taken for one that measures.
SELECT
    e.exam_id,
    e.patient_id,
    e.exam_date,
    e.liver_tumour_burden_percent,
    e.extrahepatic_disease,
    e.extrahepatic_progression
FROM clinical.current_exams AS e
LEFT JOIN reference.modality AS m ON e.modality = m.modality
WHERE COALESCE(m.measures_lesions, TRUE)
