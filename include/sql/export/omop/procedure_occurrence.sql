-- Sessions, and the other treatments that are procedures.
SELECT
    s.patient_id,
    s.procedure_id AS record_key,
    0 AS procedure_concept_id,
    s.performed_on AS procedure_date,
    0 AS procedure_type_concept_id,
    s.technique AS procedure_source_value
FROM clinical.current_procedures AS s
UNION ALL
SELECT
    o.patient_id,
    NULL AS record_key,
    0 AS procedure_concept_id,
    o.started_on AS procedure_date,
    0 AS procedure_type_concept_id,
    o.kind AS procedure_source_value
FROM clinical.current_treatments AS o
WHERE o.kind IN (SELECT code FROM reference.omop_concept WHERE kind = 'treatment_procedure')
