-- How much treatment the patients received: a patient's counts, and doses and volumes a session.
WITH session AS (
    SELECT
        s.patient_id,
        s.session_number,
        s.performed_on - s.previous_on AS days_since_last,
        p.drug,
        p.drug_dose_g,
        p.lipiodol_ml,
        p.microspheres_ml
    FROM derived.treatment_session AS s
    INNER JOIN clinical.current_procedures AS p ON s.procedure_id = p.procedure_id
),

course AS (
    SELECT
        patient_id,
        CAST(SUM(sessions) AS BIGINT) AS sessions,
        COUNT(*) AS cycles,
        MAX(sessions) FILTER (WHERE cycle = 1) AS first_cycle_sessions
    FROM derived.treatment_cycle
    GROUP BY patient_id
),

counted AS (
    SELECT
        measured.measure,
        '1' AS unit,
        CAST(measured.amount AS DOUBLE PRECISION) AS amount
    FROM course
    CROSS JOIN LATERAL (
        VALUES
        ('procedures_per_patient', course.sessions),
        ('cycles_per_patient', course.cycles),
        ('first_cycle_sessions', course.first_cycle_sessions),
        ('first_cycle_sessions_' || CAST(course.first_cycle_sessions AS TEXT), course.first_cycle_sessions)
    ) AS measured (measure, amount)
),

given AS (
    SELECT
        dose.measure || at_session.suffix AS measure,
        dose.unit,
        dose.amount
    FROM session
    CROSS JOIN
        LATERAL (
            VALUES
            (CASE WHEN session.drug <> 'none' THEN session.drug || '_dose' END, 'g', session.drug_dose_g),
            ('lipiodol', 'mL', session.lipiodol_ml),
            ('microspheres', 'mL', session.microspheres_ml)
        ) AS dose (measure, unit, amount)
    CROSS JOIN
        LATERAL (
            VALUES ('_all_sessions', TRUE), ('_first_session', session.session_number = 1)
        ) AS at_session (suffix, applies)
    WHERE at_session.applies AND dose.measure IS NOT NULL
),

-- Patients by what their first session used; 1.5 g and 1.50 g are one dose.
first_used AS (
    SELECT
        used.measure,
        used.unit,
        used.amount
    FROM session
    CROSS JOIN
        LATERAL (
            VALUES
            (
                session.drug || '_dose_first_session_'
                || RTRIM(RTRIM(CAST(CAST(session.drug_dose_g AS NUMERIC(12, 3)) AS TEXT), '0'), '.'),
                'g',
                session.drug_dose_g
            ),
            (
                CASE WHEN session.microspheres_ml = 0 THEN 'microspheres_first_session_none' END,
                'mL',
                session.microspheres_ml
            )
        ) AS used (measure, unit, amount)
    WHERE session.session_number = 1 AND used.measure IS NOT NULL
),

paused AS (
    SELECT
        'first_cycle_interval' AS measure,
        'wk' AS unit,
        CAST(session.days_since_last AS DOUBLE PRECISION) / 7 AS amount
    FROM session
    INNER JOIN course ON session.patient_id = course.patient_id
    WHERE session.session_number BETWEEN 2 AND course.first_cycle_sessions
),

observed AS (
    SELECT * FROM counted
    UNION ALL
    SELECT * FROM given
    UNION ALL
    SELECT * FROM first_used
    UNION ALL
    SELECT * FROM paused
)

SELECT
    measure,
    COUNT(amount) AS n,
    AVG(amount) AS mean,
    STDDEV_SAMP(amount) AS sd,
    PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY amount) AS median,
    MIN(amount) AS min,
    MAX(amount) AS max,
    unit
FROM observed
GROUP BY measure, unit
