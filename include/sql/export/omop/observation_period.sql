-- From the first day since birth that anything is known of to the last contact.
WITH known AS (
    SELECT
        patient_id,
        diagnosis_date AS known_on
    FROM clinical.current_patients
    UNION ALL
    SELECT
        patient_id,
        liver_metastases_date AS known_on
    FROM clinical.current_patients
    UNION ALL
    SELECT
        patient_id,
        performed_on AS known_on
    FROM clinical.current_procedures
    UNION ALL
    SELECT
        patient_id,
        started_on AS known_on
    FROM clinical.current_treatments
    UNION ALL
    SELECT
        patient_id,
        COALESCE(ended_on, started_on) AS known_on
    FROM clinical.current_treatments
    UNION ALL
    SELECT
        patient_id,
        collected_on AS known_on
    FROM clinical.measurement
    UNION ALL
    SELECT
        patient_id,
        last_contact AS known_on
    FROM derived.follow_up
)

SELECT
    p.patient_id,
    MIN(k.known_on) AS observation_period_start_date,
    MAX(k.known_on) AS observation_period_end_date
FROM clinical.current_patients AS p
INNER JOIN known AS k ON p.patient_id = k.patient_id
WHERE k.known_on >= p.birth_date
GROUP BY p.patient_id
