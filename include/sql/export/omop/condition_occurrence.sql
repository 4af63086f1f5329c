-- The primary tumour, as its report codes it, and the liver metastases. A tumour whose site and morphology have no
-- concept together has the broader one of its morphology.
WITH tumour AS (
    SELECT
        p.patient_id,
        p.diagnosis_date AS condition_start_date,
        COALESCE(r.morphology, 'neuroendocrine') AS morphology,
        COALESCE(r.primary_site, 'C80.9') AS primary_site
    FROM clinical.current_patients AS p
    LEFT JOIN derived.baseline AS b ON p.patient_id = b.patient_id
    LEFT JOIN clinical.current_reports AS r ON b.primary_report_id = r.report_id
    WHERE p.diagnosis_date IS NOT NULL
),

condition AS (
    SELECT
        patient_id,
        condition_start_date,
        morphology,
        morphology || '-' || primary_site AS condition_source_value
    FROM tumour
    UNION ALL
    SELECT
        patient_id,
        liver_metastases_date AS condition_start_date,
        NULL AS morphology,
        'liver metastases' AS condition_source_value
    FROM clinical.current_patients
    WHERE liver_metastases_date IS NOT NULL
)

SELECT
    c.patient_id,
    COALESCE(o.concept_id, b.concept_id, 0) AS condition_concept_id,
    c.condition_start_date,
    c.condition_source_value
FROM condition AS c
LEFT JOIN reference.omop_concept AS o ON o.kind = 'condition' AND c.condition_source_value = o.code
LEFT JOIN reference.omop_concept AS b ON b.kind = 'morphology' AND c.morphology = b.code
