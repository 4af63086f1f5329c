-- Deaths from any cause within 30 days of a session. A death belongs to the last session before it. A death of unknown
-- date may lie within them unless the patient was seen alive afterwards.
WITH setting AS (
    SELECT value AS mortality_days
    FROM reference.setting
    WHERE name = 'mortality_days'
),

session AS (
    SELECT
        procedures.patient_id,
        procedures.procedure_id,
        CASE
            WHEN
                follow_up.vital_status = 'dead'
                AND follow_up.reason IS NULL
                AND follow_up.last_contact >= procedures.performed_on
                THEN follow_up.last_contact - procedures.performed_on
        END AS days_to_death,
        follow_up.reason IS NOT NULL
        AND COALESCE(follow_up.last_contact - procedures.performed_on <= setting.mortality_days, TRUE) AS is_unknown,
        COALESCE(follow_up.death_cause = 'treatment', FALSE) AS treatment_related,
        follow_up.last_contact_precision IS NOT NULL AS is_imputed
    FROM derived.treatment_session AS procedures
    CROSS JOIN setting
    LEFT JOIN derived.follow_up AS follow_up ON procedures.patient_id = follow_up.patient_id
),

total AS (
    SELECT
        COUNT(DISTINCT session.patient_id) FILTER (
            WHERE session.days_to_death <= setting.mortality_days
        ) AS deaths,
        COUNT(DISTINCT session.patient_id) FILTER (
            WHERE session.days_to_death <= setting.mortality_days AND session.treatment_related
        ) AS treatment_related_deaths,
        COUNT(DISTINCT session.patient_id) FILTER (
            WHERE session.days_to_death <= setting.mortality_days AND session.is_imputed
        ) AS imputed_deaths,
        COUNT(DISTINCT session.patient_id) AS patients,
        COUNT(DISTINCT session.patient_id) FILTER (WHERE session.is_unknown) AS unknown_patients,
        COUNT(*) AS procedures,
        COUNT(*) FILTER (WHERE session.is_unknown) AS unknown_procedures
    FROM session
    CROSS JOIN setting
)

SELECT
    population.unit,
    total.deaths,
    population.denominator,
    population.not_evaluable,
    CAST(total.deaths AS DOUBLE PRECISION) * 100 / NULLIF(population.denominator, 0) AS percent,
    total.treatment_related_deaths,
    CAST(total.treatment_related_deaths AS DOUBLE PRECISION) * 100
    / NULLIF(population.denominator, 0) AS treatment_related_percent,
    total.imputed_deaths
FROM total
CROSS JOIN LATERAL (
    VALUES
    ('patient', total.patients - total.unknown_patients, total.unknown_patients),
    ('procedure', total.procedures - total.unknown_procedures, total.unknown_procedures)
) AS population (unit, denominator, not_evaluable)
