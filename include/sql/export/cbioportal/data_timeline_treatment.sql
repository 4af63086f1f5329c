-- Sessions, and what else the patient received; an end before the beginning is left out.
SELECT
    f.patient_id,
    s.performed_on - f.first_procedure AS start_date,
    NULL AS stop_date,
    'TREATMENT' AS event_type,
    'Intra-arterial' AS treatment_type,
    p.technique AS subtype,
    CASE WHEN p.drug <> 'none' THEN p.drug END AS agent,
    s.session_number AS session
FROM derived.follow_up AS f
INNER JOIN derived.treatment_session AS s ON f.patient_id = s.patient_id
INNER JOIN clinical.current_procedures AS p ON s.procedure_id = p.procedure_id
WHERE f.first_procedure IS NOT NULL
UNION ALL
SELECT
    f.patient_id,
    t.started_on - f.first_procedure AS start_date,
    CASE WHEN t.ended_on >= t.started_on THEN t.ended_on - f.first_procedure END AS stop_date,
    'TREATMENT' AS event_type,
    'Other' AS treatment_type,
    t.kind AS subtype,
    NULL AS agent,
    NULL AS session
FROM derived.follow_up AS f
INNER JOIN clinical.current_treatments AS t ON f.patient_id = t.patient_id
WHERE f.first_procedure IS NOT NULL
