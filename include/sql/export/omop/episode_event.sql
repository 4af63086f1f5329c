-- The sessions of each cycle.
SELECT
    c.patient_id,
    c.patient_id || '#' || CAST(c.cycle AS TEXT) AS episode_id,
    s.procedure_id AS event_id,
    f.concept_id AS episode_event_field_concept_id
FROM derived.treatment_cycle AS c
INNER JOIN derived.treatment_session AS s
    ON c.patient_id = s.patient_id AND s.performed_on BETWEEN c.first_session AND c.last_session
INNER JOIN clinical.current_procedures AS p ON s.procedure_id = p.procedure_id
LEFT JOIN reference.omop_concept AS f ON f.kind = 'field' AND f.code = 'procedure_occurrence_id'
