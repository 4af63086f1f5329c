{% from 'clinical/partial_date.sql' import earliest, latest with context %}
{% macro dated(feed, day, key) %}
SELECT
        patient_id,
        {{ day }} AS happened_on,
        '{{ feed }}' AS source_table,
        {{ key }} AS source_id
    FROM scope.{{ feed }} AS f
{%- endmacro %}
-- Whatever a feed dates shows that the patient was alive on that day; a lesion has its exam's date.
-- Validation lets no date pass that is later than its batch: all of them are within the data cut-off. Of a partial date
-- the first day that it can be counts as a sign of life; a partial date of death is not before the last one, nor after
-- the visit that reports it, unless a later sign of life lies in that month or year.
WITH happened AS (
    SELECT
        patient_id,
        CAST(collected_at AS DATE) AS happened_on,
        'results' AS source_table,
        MIN(result_id) AS source_id
    FROM scope.results
    GROUP BY patient_id, CAST(collected_at AS DATE)
    UNION ALL
    {{ dated('exams', 'exam_date', 'exam_id') }}
    UNION ALL
    {{ dated('procedures', 'performed_on', 'procedure_id') }}
    UNION ALL
    {{ dated('reports', 'reported_on', 'report_id') }}
    UNION ALL
    {{ dated('patients', earliest('f', 'diagnosis_date'), 'patient_id') }}
    UNION ALL
    {{ dated('patients', earliest('f', 'liver_metastases_date'), 'patient_id') }}
    UNION ALL
    {{ dated('visits', 'visit_date', 'visit_id') }}
    WHERE vital_status IS DISTINCT FROM 'dead'
    UNION ALL
    {{ dated('treatments', 'started_on', 'treatment_id') }}
    UNION ALL
    {{ dated('treatments', 'ended_on', 'treatment_id') }}
    UNION ALL
    {{ dated('adverse_events', 'onset_date', 'event_id') }}
),

last_known AS (
    SELECT
        patient_id,
        happened_on,
        source_table,
        source_id,
        ROW_NUMBER() OVER (
            PARTITION BY patient_id
            ORDER BY happened_on DESC NULLS LAST, source_table ASC, source_id ASC
        ) AS recency
    FROM happened
    WHERE happened_on IS NOT NULL
),

-- Visits that disagree: the last one to report the death tells its date.
death AS (
    SELECT
        patient_id,
        visit_date,
        death_date,
        death_date_precision,
        death_cause,
        visit_id,
        ROW_NUMBER() OVER (PARTITION BY patient_id ORDER BY visit_date DESC NULLS LAST, visit_id DESC) AS recency
    FROM scope.visits
    WHERE vital_status = 'dead' AND death_date IS NOT NULL
),

treated AS (
    SELECT
        patient_id,
        procedure_id,
        performed_on AS first_procedure
    FROM scope.treatment_session
    WHERE session_number = 1
),

contact AS (
    SELECT
        patients.patient_id,
        treated.first_procedure,
        treated.procedure_id AS first_procedure_id,
        CASE
            WHEN death.death_date IS NULL THEN last_known.happened_on
            WHEN death.death_date_precision IS NULL THEN death.death_date
            ELSE
                GREATEST(
                    LEAST(death.death_date, death.visit_date),
                    {{ earliest('death', 'death_date') }},
                    LEAST(last_known.happened_on, {{ latest('death', 'death_date') }})
                )
        END AS last_contact,
        death.death_date_precision AS last_contact_precision,
        death.death_cause,
        undated.reason,
        CASE
            WHEN undated.reason IS NOT NULL THEN undated.source_table
            WHEN death.death_date IS NULL THEN last_known.source_table
            ELSE 'visits'
        END AS source_table,
        CASE
            WHEN undated.reason IS NOT NULL THEN undated.source_id
            WHEN death.death_date IS NULL THEN last_known.source_id
            ELSE death.visit_id
        END AS source_id,
        CASE WHEN death.death_date IS NULL AND undated.reason IS NULL THEN 'alive' ELSE 'dead' END AS vital_status
    FROM scope.patients AS patients
    LEFT JOIN treated ON patients.patient_id = treated.patient_id
    LEFT JOIN death ON patients.patient_id = death.patient_id AND death.recency = 1
    LEFT JOIN clinical.undated_death AS undated ON patients.patient_id = undated.patient_id
    LEFT JOIN last_known ON patients.patient_id = last_known.patient_id AND last_known.recency = 1
)

SELECT
    contact.patient_id,
    contact.first_procedure,
    contact.last_contact,
    CASE
        WHEN contact.reason IS NULL AND contact.last_contact >= contact.first_procedure
            THEN contact.last_contact - contact.first_procedure
    END AS days,
    CASE
        WHEN contact.reason IS NULL AND contact.last_contact >= contact.first_procedure
            THEN CAST(contact.last_contact - contact.first_procedure AS DOUBLE PRECISION) / setting.value
    END AS months,
    contact.vital_status,
    contact.source_table,
    contact.source_id,
    contact.first_procedure_id,
    contact.death_cause,
    contact.reason,
    contact.last_contact_precision
FROM contact
INNER JOIN reference.setting AS setting ON setting.name = 'days_per_month'
