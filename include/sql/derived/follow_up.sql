-- Whatever a feed dates shows that the patient was alive on that day; a lesion has its exam's date.
WITH cut_off AS (
    SELECT MAX(batch_date) AS cut_off_date
    FROM ops.load
    WHERE state = 'loaded'
),

happened AS (
    SELECT
        patient_id,
        CAST(collected_at AS DATE) AS happened_on,
        'results' AS source_table,
        MIN(result_id) AS source_id
    FROM scope.results
    GROUP BY patient_id, CAST(collected_at AS DATE)
    UNION ALL
    SELECT
        patient_id,
        exam_date AS happened_on,
        'exams' AS source_table,
        exam_id AS source_id
    FROM scope.exams
    UNION ALL
    SELECT
        patient_id,
        performed_on AS happened_on,
        'procedures' AS source_table,
        procedure_id AS source_id
    FROM scope.procedures
    UNION ALL
    SELECT
        patient_id,
        reported_on AS happened_on,
        'reports' AS source_table,
        report_id AS source_id
    FROM scope.reports
    UNION ALL
    SELECT
        patient_id,
        diagnosis_date AS happened_on,
        'patients' AS source_table,
        patient_id AS source_id
    FROM scope.patients
    UNION ALL
    SELECT
        patient_id,
        liver_metastases_date AS happened_on,
        'patients' AS source_table,
        patient_id AS source_id
    FROM scope.patients
    UNION ALL
    SELECT
        patient_id,
        visit_date AS happened_on,
        'visits' AS source_table,
        visit_id AS source_id
    FROM scope.visits
    UNION ALL
    SELECT
        patient_id,
        started_on AS happened_on,
        'treatments' AS source_table,
        treatment_id AS source_id
    FROM scope.treatments
    UNION ALL
    SELECT
        patient_id,
        ended_on AS happened_on,
        'treatments' AS source_table,
        treatment_id AS source_id
    FROM scope.treatments
    UNION ALL
    SELECT
        patient_id,
        onset_date AS happened_on,
        'adverse_events' AS source_table,
        event_id AS source_id
    FROM scope.adverse_events
),

last_known AS (
    SELECT
        happened.patient_id,
        happened.happened_on,
        happened.source_table,
        happened.source_id,
        ROW_NUMBER() OVER (
            PARTITION BY happened.patient_id
            ORDER BY happened.happened_on DESC NULLS LAST, happened.source_table ASC, happened.source_id ASC
        ) AS recency
    FROM happened
    CROSS JOIN cut_off
    WHERE happened.happened_on <= COALESCE(cut_off.cut_off_date, happened.happened_on)
),

to_come AS (
    SELECT
        happened.patient_id,
        MIN(happened.happened_on) AS stale_from
    FROM happened
    INNER JOIN cut_off ON happened.happened_on > cut_off.cut_off_date
    GROUP BY happened.patient_id
),

-- Visits that disagree: the last one to report the death tells its date.
death AS (
    SELECT
        patient_id,
        death_date,
        visit_id,
        ROW_NUMBER() OVER (PARTITION BY patient_id ORDER BY visit_date DESC NULLS LAST, visit_id DESC) AS recency
    FROM scope.visits
    WHERE vital_status = 'dead' AND death_date IS NOT NULL
),

treated AS (
    SELECT
        patient_id,
        MIN(performed_on) AS first_procedure
    FROM scope.procedures
    GROUP BY patient_id
),

contact AS (
    SELECT
        patients.patient_id,
        treated.first_procedure,
        to_come.stale_from,
        COALESCE(death.death_date, last_known.happened_on) AS last_contact,
        CASE WHEN death.death_date IS NULL THEN 'alive' ELSE 'dead' END AS vital_status,
        CASE WHEN death.death_date IS NULL THEN last_known.source_table ELSE 'visits' END AS source_table,
        CASE WHEN death.death_date IS NULL THEN last_known.source_id ELSE death.visit_id END AS source_id
    FROM scope.patients AS patients
    LEFT JOIN treated ON patients.patient_id = treated.patient_id
    LEFT JOIN to_come ON patients.patient_id = to_come.patient_id
    LEFT JOIN death ON patients.patient_id = death.patient_id AND death.recency = 1
    LEFT JOIN last_known ON patients.patient_id = last_known.patient_id AND last_known.recency = 1
)

SELECT
    contact.patient_id,
    contact.first_procedure,
    contact.last_contact,
    CASE
        WHEN contact.last_contact >= contact.first_procedure THEN contact.last_contact - contact.first_procedure
    END AS days,
    CASE
        WHEN contact.last_contact >= contact.first_procedure
            THEN CAST(contact.last_contact - contact.first_procedure AS DOUBLE PRECISION) / setting.value
    END AS months,
    contact.vital_status,
    contact.source_table,
    contact.source_id,
    contact.stale_from
FROM contact
INNER JOIN reference.setting AS setting ON setting.name = 'days_per_month'
