WITH time_zero AS (
    SELECT
        patient_id,
        'none' AS criteria,
        'diagnosis' AS kind,
        diagnosis_date AS start_date,
        'patients' AS source_table,
        patient_id AS source_id
    FROM scope.patients
    UNION ALL
    SELECT
        patient_id,
        'none' AS criteria,
        'first procedure' AS kind,
        performed_on AS start_date,
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
    time_zero.source_table,
    time_zero.source_id
FROM time_zero
INNER JOIN reference.endpoint AS endpoint
    ON time_zero.kind = endpoint.start AND time_zero.criteria IN ('none', endpoint.criteria)
