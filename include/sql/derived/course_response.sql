-- Response to the course of treatment by both rule sets: after the first cycle, and at the end.
WITH setting AS (
    SELECT CAST(value AS INTEGER) AS exam_from_days
    FROM reference.setting
    WHERE name = 'response_exam_from_days'
),

last_cycle AS (
    SELECT
        patient_id,
        MAX(last_session) AS last_session
    FROM scope.treatment_cycle
    GROUP BY patient_id
),

final_exam AS (
    SELECT
        assessed.patient_id,
        assessed.criteria,
        assessed.exam_id,
        assessed.exam_date,
        assessed.response,
        ROW_NUMBER() OVER (
            PARTITION BY assessed.patient_id, assessed.criteria
            ORDER BY assessed.exam_date DESC NULLS LAST, assessed.exam_id DESC NULLS LAST
        ) AS recency
    FROM scope.timepoint_response AS assessed
    INNER JOIN last_cycle ON assessed.patient_id = last_cycle.patient_id
    CROSS JOIN setting
    WHERE
        assessed.reader = 'registry'
        AND assessed.exam_date >= last_cycle.last_session + setting.exam_from_days
)

SELECT
    assessed.patient_id,
    'first_cycle' AS assessment,
    assessed.criteria,
    assessed.exam_id,
    assessed.exam_date,
    assessed.response
FROM scope.treatment_cycle AS treatment_cycle
INNER JOIN scope.timepoint_response AS assessed
    ON
        treatment_cycle.patient_id = assessed.patient_id
        AND treatment_cycle.response_exam_id = assessed.exam_id
        AND assessed.reader = 'registry'
WHERE treatment_cycle.cycle = 1
UNION ALL
SELECT
    patient_id,
    'final' AS assessment,
    criteria,
    exam_id,
    exam_date,
    response
FROM final_exam
WHERE recency = 1
