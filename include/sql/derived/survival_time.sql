-- For every endpoint the first event decides, else the last date without one; `pfs` by the `fda` rule stops earlier.
WITH setting AS (
    SELECT
        MAX(value) FILTER (WHERE name = 'days_per_month') AS days_per_month,
        CAST(MAX(value) FILTER (WHERE name = 'missed_exams_gap_days') AS INTEGER) AS gap_days
    FROM reference.setting
),

treated AS (
    SELECT
        follow_up.patient_id,
        follow_up.first_procedure,
        MIN(procedures.procedure_id) AS procedure_id
    FROM scope.follow_up AS follow_up
    INNER JOIN scope.procedures AS procedures
        ON
            follow_up.patient_id = procedures.patient_id
            AND follow_up.first_procedure = procedures.performed_on
    GROUP BY follow_up.patient_id, follow_up.first_procedure
),

-- One row a patient and day with an exam after the first procedure, as the registry's reader judged it.
assessment AS (
    SELECT
        patient_id,
        exam_date,
        MIN(exam_id) FILTER (WHERE response <> 'NE') AS evaluable_id,
        MIN(exam_id) FILTER (WHERE response = 'PD') AS progression_id,
        MIN(exam_id) FILTER (WHERE response IN ('CR', 'PR')) AS response_id
    FROM scope.timepoint_response
    WHERE criteria = 'mrecist' AND reader = 'registry'
    GROUP BY patient_id, exam_date
),

happening AS (
    SELECT
        patient_id,
        'death' AS reason,
        last_contact AS happened_on,
        source_table,
        source_id
    FROM scope.follow_up
    WHERE vital_status = 'dead'
    UNION ALL
    SELECT
        patient_id,
        'progression' AS reason,
        exam_date AS happened_on,
        'exams' AS source_table,
        progression_id AS source_id
    FROM assessment
    WHERE progression_id IS NOT NULL
    UNION ALL
    SELECT
        patient_id,
        'extrahepatic progression' AS reason,
        exam_date AS happened_on,
        'exams' AS source_table,
        exam_id AS source_id
    FROM scope.exams
    WHERE extrahepatic_progression = 'yes'
),

counts_as_event (endpoint, rule, reason) AS (
    VALUES
    ('os_diagnosis', 'study', 'death'),
    ('os_treatment', 'study', 'death'),
    ('pfs', 'study', 'progression'),
    ('pfs', 'fda', 'progression'),
    ('pfs', 'fda', 'death'),
    ('time_to_extrahepatic_progression', 'study', 'extrahepatic progression'),
    ('duration_of_response', 'study', 'progression'),
    ('duration_of_response', 'study', 'death')
),

first_response AS (
    SELECT
        patient_id,
        exam_date,
        response_id,
        ROW_NUMBER() OVER (PARTITION BY patient_id ORDER BY exam_date) AS place
    FROM assessment
    WHERE response_id IS NOT NULL
),

from_first_procedure AS (
    SELECT DISTINCT
        endpoint,
        rule
    FROM counts_as_event
    WHERE endpoint IN ('os_treatment', 'pfs', 'time_to_extrahepatic_progression')
),

time_zero AS (
    SELECT
        patient_id,
        'os_diagnosis' AS endpoint,
        'study' AS rule,
        diagnosis_date AS start_date,
        'patients' AS source_table,
        patient_id AS source_id
    FROM scope.patients
    UNION ALL
    SELECT
        treated.patient_id,
        endpoint_rule.endpoint,
        endpoint_rule.rule,
        treated.first_procedure AS start_date,
        'procedures' AS source_table,
        treated.procedure_id AS source_id
    FROM treated
    CROSS JOIN from_first_procedure AS endpoint_rule
    UNION ALL
    SELECT
        patient_id,
        'duration_of_response' AS endpoint,
        'study' AS rule,
        exam_date AS start_date,
        'exams' AS source_table,
        response_id AS source_id
    FROM first_response
    WHERE place = 1
),

-- A death before time zero stays, to be reported as negative time; a finding before time zero is no event of it.
event AS (
    SELECT
        time_zero.patient_id,
        time_zero.endpoint,
        time_zero.rule,
        time_zero.start_date,
        happening.happened_on,
        happening.reason,
        happening.source_table,
        happening.source_id,
        ROW_NUMBER() OVER (
            PARTITION BY time_zero.patient_id, time_zero.endpoint, time_zero.rule
            ORDER BY happening.happened_on, happening.reason, happening.source_id
        ) AS place
    FROM time_zero
    INNER JOIN counts_as_event
        ON time_zero.endpoint = counts_as_event.endpoint AND time_zero.rule = counts_as_event.rule
    INNER JOIN happening
        ON time_zero.patient_id = happening.patient_id AND counts_as_event.reason = happening.reason
    WHERE happening.reason = 'death' OR happening.happened_on >= time_zero.start_date
),

first_event AS (
    SELECT * FROM event
    WHERE place = 1
),

last_exam AS (
    SELECT
        patient_id,
        exam_date,
        exam_id,
        ROW_NUMBER() OVER (PARTITION BY patient_id ORDER BY exam_date DESC NULLS LAST, exam_id ASC) AS recency
    FROM scope.exams
),

-- pfs by fda: the days on which the patient was seen, from day 0 up to the event, and the day seen before each.
seen AS (
    SELECT
        patient_id,
        start_date AS seen_on,
        source_table,
        source_id,
        FALSE AS is_event
    FROM time_zero
    WHERE endpoint = 'pfs' AND rule = 'fda'
    UNION ALL
    SELECT
        assessment.patient_id,
        assessment.exam_date AS seen_on,
        'exams' AS source_table,
        assessment.evaluable_id AS source_id,
        FALSE AS is_event
    FROM assessment
    LEFT JOIN first_event
        ON
            assessment.patient_id = first_event.patient_id
            AND first_event.endpoint = 'pfs'
            AND first_event.rule = 'fda'
    WHERE
        assessment.evaluable_id IS NOT NULL
        AND (first_event.happened_on IS NULL OR assessment.exam_date < first_event.happened_on)
    UNION ALL
    SELECT
        patient_id,
        happened_on AS seen_on,
        source_table,
        source_id,
        TRUE AS is_event
    FROM first_event
    WHERE endpoint = 'pfs' AND rule = 'fda' AND happened_on >= start_date
),

seen_in_turn AS (
    SELECT
        seen.*,
        LEAD(seen_on) OVER (PARTITION BY patient_id ORDER BY seen_on, is_event) AS next_seen_on,
        MIN(seen_on) OVER (PARTITION BY patient_id) AS day_0
    FROM seen
),

new_treatment AS (
    SELECT
        treated.patient_id,
        MIN(treatments.started_on) AS started_on
    FROM treated
    INNER JOIN scope.treatments AS treatments
        ON treated.patient_id = treatments.patient_id AND treated.first_procedure < treatments.started_on
    INNER JOIN reference.anticancer_treatment AS anticancer ON treatments.kind = anticancer.kind
    GROUP BY treated.patient_id
),

-- The day at which observation stops, if any: the first that a long gap, a new treatment or nothing follows.
stop AS (
    SELECT
        seen_in_turn.patient_id,
        seen_in_turn.seen_on,
        seen_in_turn.source_table,
        seen_in_turn.source_id,
        CASE
            WHEN
                new_treatment.started_on >= seen_in_turn.seen_on
                AND (seen_in_turn.next_seen_on IS NULL OR new_treatment.started_on < seen_in_turn.next_seen_on)
                THEN 'new anticancer treatment'
            WHEN seen_in_turn.next_seen_on IS NOT NULL THEN 'missed exams'
            WHEN seen_in_turn.seen_on = seen_in_turn.day_0 THEN 'no evaluable exam'
            ELSE 'last evaluable exam'
        END AS reason,
        ROW_NUMBER() OVER (PARTITION BY seen_in_turn.patient_id ORDER BY seen_in_turn.seen_on) AS place
    FROM seen_in_turn
    CROSS JOIN setting
    LEFT JOIN new_treatment ON seen_in_turn.patient_id = new_treatment.patient_id
    WHERE
        NOT seen_in_turn.is_event
        AND (
            seen_in_turn.next_seen_on IS NULL
            OR seen_in_turn.next_seen_on - seen_in_turn.seen_on > setting.gap_days
            OR (
                new_treatment.started_on >= seen_in_turn.seen_on
                AND new_treatment.started_on < seen_in_turn.next_seen_on
            )
        )
),

censoring AS (
    SELECT
        time_zero.patient_id,
        time_zero.endpoint,
        time_zero.rule,
        follow_up.last_contact AS censored_on,
        'last known alive' AS reason,
        follow_up.source_table,
        follow_up.source_id
    FROM time_zero
    INNER JOIN scope.follow_up AS follow_up ON time_zero.patient_id = follow_up.patient_id
    WHERE time_zero.endpoint IN ('os_diagnosis', 'os_treatment')
    UNION ALL
    SELECT
        patient_id,
        'pfs' AS endpoint,
        'fda' AS rule,
        seen_on AS censored_on,
        reason,
        source_table,
        source_id
    FROM stop
    WHERE place = 1
    UNION ALL
    SELECT
        time_zero.patient_id,
        time_zero.endpoint,
        time_zero.rule,
        COALESCE(last_exam.exam_date, time_zero.start_date) AS censored_on,
        CASE WHEN last_exam.exam_id IS NULL THEN 'no exam' ELSE 'last exam' END AS reason,
        CASE WHEN last_exam.exam_id IS NULL THEN time_zero.source_table ELSE 'exams' END AS source_table,
        COALESCE(last_exam.exam_id, time_zero.source_id) AS source_id
    FROM time_zero
    LEFT JOIN last_exam
        ON
            time_zero.patient_id = last_exam.patient_id
            AND last_exam.recency = 1
            AND time_zero.start_date < last_exam.exam_date
    WHERE time_zero.rule = 'study' AND time_zero.endpoint NOT IN ('os_diagnosis', 'os_treatment')
),

-- An event counts unless the rule stopped looking before it.
decided AS (
    SELECT
        time_zero.patient_id,
        time_zero.endpoint,
        time_zero.rule,
        time_zero.start_date,
        censoring.reason AS censoring_reason,
        censoring.censored_on,
        censoring.source_table AS censoring_table,
        censoring.source_id AS censoring_id,
        first_event.reason AS event_reason,
        first_event.happened_on,
        first_event.source_table AS event_table,
        first_event.source_id AS event_id,
        first_event.happened_on IS NOT NULL AND NOT (
            time_zero.rule = 'fda' AND first_event.happened_on >= time_zero.start_date AND censoring.reason IS NOT NULL
        ) AS event
    FROM time_zero
    LEFT JOIN first_event
        ON
            time_zero.patient_id = first_event.patient_id
            AND time_zero.endpoint = first_event.endpoint
            AND time_zero.rule = first_event.rule
    LEFT JOIN censoring
        ON
            time_zero.patient_id = censoring.patient_id
            AND time_zero.endpoint = censoring.endpoint
            AND time_zero.rule = censoring.rule
),

timed AS (
    SELECT
        patient_id,
        endpoint,
        rule,
        start_date,
        event,
        CASE WHEN event THEN happened_on ELSE censored_on END AS end_date,
        CASE WHEN event THEN event_reason ELSE censoring_reason END AS reason,
        CASE WHEN event THEN event_table ELSE censoring_table END AS source_table,
        CASE WHEN event THEN event_id ELSE censoring_id END AS source_id
    FROM decided
)

SELECT
    timed.patient_id,
    timed.endpoint,
    timed.rule,
    timed.start_date,
    timed.end_date,
    CASE WHEN timed.end_date >= timed.start_date THEN timed.end_date - timed.start_date END AS days,
    CASE
        WHEN timed.end_date >= timed.start_date
            THEN CAST(timed.end_date - timed.start_date AS DOUBLE PRECISION) / setting.days_per_month
    END AS months,
    CASE WHEN timed.end_date >= timed.start_date THEN timed.event END AS event,
    CASE WHEN timed.end_date < timed.start_date THEN 'negative time' ELSE timed.reason END AS reason,
    timed.source_table,
    timed.source_id
FROM timed
CROSS JOIN setting
WHERE timed.end_date IS NOT NULL
