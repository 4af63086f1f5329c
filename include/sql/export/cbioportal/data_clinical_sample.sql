-- The tumour of each treated patient as one sample: a clinical study has no other.
SELECT
    b.patient_id,
    COALESCE(c.oncotree_code, o.oncotree_code) AS oncotree_code,
    COALESCE(c.name, o.name) AS cancer_type_detailed,
    b.grade AS who_grade,
    b.ki67_percent
FROM derived.baseline AS b
LEFT JOIN reference.oncotree AS c ON b.grade = 'NEC' AND c.is_carcinoma
LEFT JOIN reference.oncotree AS o
    ON COALESCE(b.primary_group, 'unknown') = o.primary_group AND NOT o.is_carcinoma
WHERE b.first_procedure IS NOT NULL
