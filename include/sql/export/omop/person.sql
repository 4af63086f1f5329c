-- Persons who count; ids that were merged are one.
SELECT
    p.patient_id,
    p.birth_date AS year_of_birth,
    COALESCE(c.concept_id, 0) AS gender_concept_id,
    0 AS race_concept_id,
    0 AS ethnicity_concept_id,
    p.sex AS gender_source_value
FROM clinical.current_patients AS p
LEFT JOIN reference.omop_concept AS c ON c.kind = 'sex' AND p.sex = c.code
