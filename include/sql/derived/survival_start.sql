{% from 'clinical/partial_date.sql' import earliest with context %}
-- A partial date of diagnosis is not after the first procedure or the last contact.
WITH time_zero AS (
    SELECT
        p.patient_id,
        'none' AS criteria,
        'diagnosis' AS kind,
        CASE
            WHEN p.diagnosis_date_precision IS NULL THEN p.diagnosis_date
            ELSE
                GREATEST(
                    {{ earliest('p', 'diagnosis_date') }}, LEAST(p.diagnosis_date, f.first_procedure, f.last_contact)
                )
        END AS start_date,
        p.diagnosis_date_precision AS start_date_precision,
        'patients' AS source_table,
        p.patient_id AS source_id
    FROM scope.patients AS p
    LEFT JOIN scope.follow_up AS f ON p.patient_id = f.patient_id
    UNION ALL
    SELECT
        patient_id,
        'none' AS criteria,
        'first procedure' AS kind,
        performed_on AS start_date,
        NULL AS start_date_precision,
        'procedures' AS source_table,
        procedure_id AS source_id
    FROM scope.treatment_session
    WHERE session_number = 1
    UNION ALL
    SELECT
        patient_id,
        criteria,
        CASE WHEN confirmed THEN 'confirmed response' ELSE 'response' END AS kind,
        first_response_date AS start_date,
        NULL AS start_date_precision,
        'exams' AS source_table,
        first_response_exam_id AS source_id
    FROM scope.best_response
    WHERE first_response_date IS NOT NULL
)

SELECT
    time_zero.patient_id,
    endpoint.endpoint,
    endpoint.rule,
    endpoint.criteria,
    time_zero.start_date,
    time_zero.start_date_precision,
    time_zero.source_table,
    time_zero.source_id
FROM time_zero
INNER JOIN reference.endpoint AS endpoint
    ON time_zero.kind = endpoint.start AND time_zero.criteria IN ('none', endpoint.criteria)
