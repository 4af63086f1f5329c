WITH response_in_turn AS (
    SELECT
        patient_id,
        exam_date,
        response_id,
        ROW_NUMBER() OVER (PARTITION BY patient_id ORDER BY exam_date) AS place
    FROM scope.assessed_day
    WHERE response_id IS NOT NULL
)

SELECT
    patient_id,
    'os_diagnosis' AS endpoint,
    'study' AS rule,
    diagnosis_date AS start_date,
    'patients' AS source_table,
    patient_id AS source_id
FROM scope.patients
UNION ALL
SELECT
    first_procedure.patient_id,
    v.endpoint,
    v.rule,
    first_procedure.performed_on AS start_date,
    'procedures' AS source_table,
    first_procedure.procedure_id AS source_id
FROM scope.treatment_session AS first_procedure
CROSS JOIN (
    VALUES
    ('os_treatment', 'study'),
    ('pfs', 'study'),
    ('pfs', 'fda'),
    ('time_to_extrahepatic_progression', 'study')
) AS v (endpoint, rule)
WHERE first_procedure.session_number = 1
UNION ALL
SELECT
    patient_id,
    'duration_of_response' AS endpoint,
    'study' AS rule,
    exam_date AS start_date,
    'exams' AS source_table,
    response_id AS source_id
FROM response_in_turn
WHERE place = 1
