-- What happened after the first session. An event that names a session of its patient counts for that session.
SELECT
    e.event_id,
    e.patient_id,
    e.term,
    COALESCE(e.serious = 'yes', FALSE) AS serious,
    named.procedure_id,
    named.session_number
FROM scope.adverse_events AS e
INNER JOIN scope.treatment_session AS first_session
    ON e.patient_id = first_session.patient_id AND first_session.session_number = 1
LEFT JOIN scope.treatment_session AS named
    ON e.procedure_id = named.procedure_id AND e.patient_id = named.patient_id
WHERE named.procedure_id IS NOT NULL OR e.onset_date >= first_session.performed_on
