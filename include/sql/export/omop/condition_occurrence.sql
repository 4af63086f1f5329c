-- The primary tumour, as its report codes it, and the liver metastases.
SELECT
    p.patient_id,
    0 AS condition_concept_id,
    p.diagnosis_date AS condition_start_date,
    0 AS condition_type_concept_id,
    COALESCE(r.morphology, 'neuroendocrine') || '-' || COALESCE(r.primary_site, 'C80.9') AS condition_source_value
FROM clinical.current_patients AS p
LEFT JOIN derived.baseline AS b ON p.patient_id = b.patient_id
LEFT JOIN clinical.current_reports AS r ON b.primary_report_id = r.report_id
WHERE p.diagnosis_date IS NOT NULL
UNION ALL
SELECT
    p.patient_id,
    0 AS condition_concept_id,
    p.liver_metastases_date AS condition_start_date,
    0 AS condition_type_concept_id,
    'liver metastases' AS condition_source_value
FROM clinical.current_patients AS p
WHERE p.liver_metastases_date IS NOT NULL
