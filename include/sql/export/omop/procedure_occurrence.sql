-- Sessions, and the other treatments that are procedures.
SELECT
    s.patient_id,
    s.procedure_id AS record_key,
    COALESCE(c.concept_id, 0) AS procedure_concept_id,
    s.performed_on AS procedure_date,
    CAST(NULL AS DATE) AS procedure_end_date,
    s.technique AS procedure_source_value
FROM clinical.current_procedures AS s
LEFT JOIN reference.omop_concept AS c ON c.kind = 'session' AND s.technique = c.code
UNION ALL
SELECT
    o.patient_id,
    NULL AS record_key,
    c.concept_id AS procedure_concept_id,
    o.started_on AS procedure_date,
    CASE WHEN o.ended_on >= o.started_on THEN o.ended_on END AS procedure_end_date,
    o.kind AS procedure_source_value
FROM clinical.current_treatments AS o
INNER JOIN reference.omop_concept AS c ON c.kind = 'treatment_procedure' AND o.kind = c.code
