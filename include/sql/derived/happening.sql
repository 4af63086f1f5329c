-- Whatever can end a time to event, by the registry's reader; criteria none = it counts whatever the lesions' rule set.
-- A time point that can be evaluated was seen on the days of its first and of its last exam.
WITH exam_in_turn AS (
    SELECT
        patient_id,
        exam_date,
        exam_id,
        ROW_NUMBER() OVER (PARTITION BY patient_id ORDER BY exam_date DESC NULLS LAST, exam_id ASC) AS recency
    FROM scope.liver_exam
),

assessed AS (
    SELECT *
    FROM scope.timepoint_response
    WHERE reader = 'registry'
),

new_treatment AS (
    SELECT
        treatments.patient_id,
        treatments.started_on,
        treatments.treatment_id
    FROM scope.treatments AS treatments
    INNER JOIN reference.anticancer_treatment AS anticancer ON treatments.kind = anticancer.kind
    INNER JOIN scope.treatment_session AS first_procedure
        ON
            treatments.patient_id = first_procedure.patient_id
            AND first_procedure.session_number = 1
            AND treatments.started_on > first_procedure.performed_on
)

SELECT
    patient_id,
    'none' AS criteria,
    CASE vital_status WHEN 'dead' THEN 'death' ELSE 'last known alive' END AS kind,
    CASE WHEN reason IS NULL THEN last_contact END AS happened_on,
    last_contact_precision AS happened_on_precision,
    CASE WHEN vital_status = 'dead' THEN COALESCE(death_cause, 'unknown') END AS death_cause,
    reason,
    source_table,
    source_id
FROM scope.follow_up
WHERE last_contact IS NOT NULL OR reason IS NOT NULL
UNION ALL
SELECT
    patient_id,
    criteria,
    'progression' AS kind,
    response_date AS happened_on,
    NULL AS happened_on_precision,
    NULL AS death_cause,
    NULL AS reason,
    'exams' AS source_table,
    progression_exam_id AS source_id
FROM assessed
WHERE response = 'PD'
UNION ALL
SELECT
    patient_id,
    criteria,
    'hepatic progression' AS kind,
    hepatic_progression_date AS happened_on,
    NULL AS happened_on_precision,
    NULL AS death_cause,
    NULL AS reason,
    'exams' AS source_table,
    hepatic_progression_exam_id AS source_id
FROM assessed
WHERE hepatic_response = 'PD'
UNION ALL
SELECT
    patient_id,
    criteria,
    'evaluable exam' AS kind,
    exam_date AS happened_on,
    NULL AS happened_on_precision,
    NULL AS death_cause,
    NULL AS reason,
    'exams' AS source_table,
    exam_id AS source_id
FROM assessed
WHERE response <> 'NE'
UNION ALL
SELECT
    assessed.patient_id,
    assessed.criteria,
    'evaluable exam' AS kind,
    first_exam.exam_date AS happened_on,
    NULL AS happened_on_precision,
    NULL AS death_cause,
    NULL AS reason,
    'exams' AS source_table,
    first_exam.exam_id AS source_id
FROM assessed
INNER JOIN scope.timepoint_exam AS first_exam
    ON
        assessed.patient_id = first_exam.patient_id
        AND assessed.reader = first_exam.reader
        AND assessed.timepoint_date = first_exam.timepoint_date
        AND first_exam.exam_number = 1
WHERE assessed.response <> 'NE' AND assessed.exam_date > assessed.timepoint_date
UNION ALL
SELECT
    patient_id,
    'none' AS criteria,
    'extrahepatic progression' AS kind,
    exam_date AS happened_on,
    NULL AS happened_on_precision,
    NULL AS death_cause,
    NULL AS reason,
    'exams' AS source_table,
    exam_id AS source_id
FROM scope.liver_exam
WHERE extrahepatic_progression = 'yes'
UNION ALL
SELECT
    patient_id,
    'none' AS criteria,
    'last exam' AS kind,
    exam_date AS happened_on,
    NULL AS happened_on_precision,
    NULL AS death_cause,
    NULL AS reason,
    'exams' AS source_table,
    exam_id AS source_id
FROM exam_in_turn
WHERE recency = 1
UNION ALL
SELECT
    patient_id,
    'none' AS criteria,
    'new anticancer treatment' AS kind,
    started_on AS happened_on,
    NULL AS happened_on_precision,
    NULL AS death_cause,
    NULL AS reason,
    'treatments' AS source_table,
    treatment_id AS source_id
FROM new_treatment
