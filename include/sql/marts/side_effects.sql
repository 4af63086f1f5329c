-- How many sessions each side effect followed. An event that names no session counts for its patient alone.
WITH first_procedure AS (
    SELECT
        patient_id,
        MIN(performed_on) AS performed_on
    FROM clinical.current_procedures
    GROUP BY patient_id
),

total AS (
    SELECT COUNT(*) AS procedures
    FROM clinical.current_procedures
),

event AS (
    SELECT
        events.patient_id,
        events.term,
        events.serious,
        procedures.procedure_id
    FROM clinical.current_adverse_events AS events
    INNER JOIN first_procedure ON events.patient_id = first_procedure.patient_id
    LEFT JOIN clinical.current_procedures AS procedures
        ON events.procedure_id = procedures.procedure_id AND events.patient_id = procedures.patient_id
    WHERE procedures.procedure_id IS NOT NULL OR events.onset_date >= first_procedure.performed_on
),

listed AS (
    SELECT
        term,
        patient_id,
        procedure_id
    FROM event
    UNION ALL
    SELECT
        'serious_adverse_event' AS term,
        patient_id,
        procedure_id
    FROM event
    WHERE serious = 'yes'
)

SELECT
    listed.term,
    COUNT(DISTINCT listed.procedure_id) AS procedures,
    MAX(total.procedures) AS denominator,
    COUNT(DISTINCT listed.procedure_id) * CAST(100 AS DOUBLE PRECISION) / MAX(total.procedures) AS percent,
    COUNT(DISTINCT listed.patient_id) AS patients
FROM listed
CROSS JOIN total
GROUP BY listed.term
