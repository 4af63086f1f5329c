-- Side effects by the place of the session in the patient's course; nobody is a row of 0.
WITH session_count AS (
    SELECT
        session_number,
        COUNT(*) AS denominator
    FROM derived.treatment_session
    GROUP BY session_number
),

listed AS (
    SELECT
        term,
        session_number,
        procedure_id
    FROM derived.side_effect
    UNION ALL
    SELECT
        'serious_adverse_event' AS term,
        session_number,
        procedure_id
    FROM derived.side_effect
    WHERE serious
),

followed AS (
    SELECT
        term,
        session_number,
        COUNT(DISTINCT procedure_id) AS procedures
    FROM listed
    GROUP BY term, session_number
)

SELECT
    t.term,
    s.session_number,
    COALESCE(f.procedures, 0) AS procedures,
    s.denominator,
    COALESCE(f.procedures, 0) * CAST(100 AS DOUBLE PRECISION) / s.denominator AS percent
FROM (SELECT DISTINCT term FROM listed) AS t
CROSS JOIN session_count AS s
LEFT JOIN followed AS f ON t.term = f.term AND s.session_number = f.session_number
