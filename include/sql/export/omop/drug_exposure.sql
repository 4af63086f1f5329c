-- Drugs of the sessions, and the other treatments that are no procedures; one without an end, or with an end before its
-- beginning, is told of the day on which it began.
SELECT
    s.patient_id,
    COALESCE(c.concept_id, 0) AS drug_concept_id,
    s.performed_on AS drug_exposure_start_date,
    s.performed_on AS drug_exposure_end_date,
    s.drug AS drug_source_value
FROM clinical.current_procedures AS s
LEFT JOIN reference.omop_concept AS c ON c.kind = 'drug' AND s.drug = c.code
WHERE s.drug <> 'none'
UNION ALL
SELECT
    o.patient_id,
    0 AS drug_concept_id,
    o.started_on AS drug_exposure_start_date,
    CASE WHEN o.ended_on > o.started_on THEN o.ended_on ELSE o.started_on END AS drug_exposure_end_date,
    o.kind AS drug_source_value
FROM clinical.current_treatments AS o
WHERE o.kind NOT IN (SELECT code FROM reference.omop_concept WHERE kind = 'treatment_procedure')
