-- How much treatment the patients received: a patient's counts, and doses and volumes a session.
WITH session AS (
    SELECT
        patient_id,
        drug,
        drug_dose_g,
        lipiodol_ml,
        microspheres_ml,
        ROW_NUMBER() OVER (
            PARTITION BY patient_id ORDER BY performed_on NULLS LAST, procedure_id NULLS LAST
        ) AS session_number
    FROM clinical.current_procedures
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

observed AS (
    SELECT * FROM counted
    UNION ALL
    SELECT * FROM given
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
