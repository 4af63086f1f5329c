-- How many sessions each side effect followed. An event that names no session counts for its patient alone.
WITH total AS (
    SELECT COUNT(*) AS procedures
    FROM derived.treatment_session
),

listed AS (
    SELECT
        term,
        patient_id,
        procedure_id
    FROM derived.side_effect
    UNION ALL
    SELECT
        'serious_adverse_event' AS term,
        patient_id,
        procedure_id
    FROM derived.side_effect
    WHERE serious
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
