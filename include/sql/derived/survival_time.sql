-- For every endpoint the first event decides, else the last date without one; `pfs` by the `fda` rule may stop earlier.
-- Unions and windows in place of joins: PostgreSQL cannot know how many rows an intermediate step holds.
WITH setting AS (
    SELECT
        MAX(value) FILTER (WHERE name = 'days_per_month') AS days_per_month,
        CAST(MAX(value) FILTER (WHERE name = 'missed_exams_gap_days') AS INTEGER) AS gap_days
    FROM reference.setting
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

procedure_in_turn AS (
    SELECT
        patient_id,
        performed_on,
        procedure_id,
        ROW_NUMBER() OVER (PARTITION BY patient_id ORDER BY performed_on, procedure_id) AS place
    FROM scope.procedures
),

response_in_turn AS (
    SELECT
        patient_id,
        exam_date,
        response_id,
        ROW_NUMBER() OVER (PARTITION BY patient_id ORDER BY exam_date) AS place
    FROM assessment
    WHERE response_id IS NOT NULL
),

exam_in_turn AS (
    SELECT
        patient_id,
        exam_date,
        exam_id,
        ROW_NUMBER() OVER (PARTITION BY patient_id ORDER BY exam_date DESC NULLS LAST, exam_id ASC) AS recency
    FROM scope.exams
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
        procedure_in_turn.patient_id,
        v.endpoint,
        v.rule,
        procedure_in_turn.performed_on AS start_date,
        'procedures' AS source_table,
        procedure_in_turn.procedure_id AS source_id
    FROM procedure_in_turn
    CROSS JOIN (
        VALUES
        ('os_treatment', 'study'),
        ('pfs', 'study'),
        ('pfs', 'fda'),
        ('time_to_extrahepatic_progression', 'study')
    ) AS v (endpoint, rule)
    WHERE procedure_in_turn.place = 1
    UNION ALL
    SELECT
        patient_id,
        'duration_of_response' AS endpoint,
        'study' AS rule,
        exam_date AS start_date,
        'exams' AS source_table,
        response_id AS source_id
    FROM response_in_turn
    WHERE place = 1
),

happening AS (
    SELECT
        patient_id,
        CASE vital_status WHEN 'dead' THEN 'death' ELSE 'last known alive' END AS reason,
        last_contact AS happened_on,
        source_table,
        source_id
    FROM scope.follow_up
    WHERE last_contact IS NOT NULL
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
    UNION ALL
    SELECT
        patient_id,
        'last exam' AS reason,
        exam_date AS happened_on,
        'exams' AS source_table,
        exam_id AS source_id
    FROM exam_in_turn
    WHERE recency = 1
),

ends_with (endpoint, rule, reason, is_event) AS (
    VALUES
    ('os_diagnosis', 'study', 'death', TRUE),
    ('os_diagnosis', 'study', 'last known alive', FALSE),
    ('os_treatment', 'study', 'death', TRUE),
    ('os_treatment', 'study', 'last known alive', FALSE),
    ('pfs', 'study', 'progression', TRUE),
    ('pfs', 'study', 'last exam', FALSE),
    ('pfs', 'fda', 'progression', TRUE),
    ('pfs', 'fda', 'death', TRUE),
    ('time_to_extrahepatic_progression', 'study', 'extrahepatic progression', TRUE),
    ('time_to_extrahepatic_progression', 'study', 'last exam', FALSE),
    ('duration_of_response', 'study', 'progression', TRUE),
    ('duration_of_response', 'study', 'death', TRUE),
    ('duration_of_response', 'study', 'last exam', FALSE)
),

-- A death before time zero stays, to be reported as negative time; an exam before time zero says nothing.
ending AS (
    SELECT
        time_zero.patient_id,
        time_zero.endpoint,
        time_zero.rule,
        time_zero.start_date,
        happening.happened_on AS end_date,
        ends_with.is_event AS event,
        happening.reason,
        happening.source_table,
        happening.source_id
    FROM time_zero
    INNER JOIN happening ON time_zero.patient_id = happening.patient_id
    INNER JOIN ends_with
        ON
            time_zero.endpoint = ends_with.endpoint
            AND time_zero.rule = ends_with.rule
            AND happening.reason = ends_with.reason
    WHERE happening.reason = 'death' OR time_zero.start_date <= happening.happened_on
),

-- pfs by fda: everything that counts for or against watching a patient, from day 0 on.
watched AS (
    SELECT
        patient_id,
        start_date AS seen_on,
        'day 0' AS kind,
        source_table,
        source_id
    FROM time_zero
    WHERE endpoint = 'pfs' AND rule = 'fda'
    UNION ALL
    SELECT
        patient_id,
        exam_date AS seen_on,
        'exam' AS kind,
        'exams' AS source_table,
        evaluable_id AS source_id
    FROM assessment
    WHERE evaluable_id IS NOT NULL
    UNION ALL
    SELECT
        patient_id,
        end_date AS seen_on,
        'event' AS kind,
        source_table,
        source_id
    FROM ending
    WHERE endpoint = 'pfs' AND rule = 'fda' AND end_date >= start_date
    UNION ALL
    SELECT
        treatments.patient_id,
        treatments.started_on AS seen_on,
        'treatment' AS kind,
        'treatments' AS source_table,
        treatments.treatment_id AS source_id
    FROM scope.treatments AS treatments
    INNER JOIN reference.anticancer_treatment AS anticancer ON treatments.kind = anticancer.kind
),

watched_until AS (
    SELECT
        patient_id,
        seen_on,
        kind,
        source_table,
        source_id,
        MIN(seen_on) FILTER (WHERE kind = 'day 0') OVER (PARTITION BY patient_id) AS day_0,
        MIN(seen_on) FILTER (WHERE kind = 'event') OVER (PARTITION BY patient_id) AS event_on
    FROM watched
),

new_treatment AS (
    SELECT
        watched_until.*,
        MIN(seen_on) FILTER (WHERE kind = 'treatment' AND seen_on > day_0) OVER (PARTITION BY patient_id) AS treated_on
    FROM watched_until
),

seen AS (
    SELECT
        patient_id,
        seen_on,
        source_table,
        source_id,
        day_0,
        treated_on,
        COALESCE(LEAD(seen_on) OVER (PARTITION BY patient_id ORDER BY seen_on), event_on) AS next_seen_on
    FROM new_treatment
    WHERE kind IN ('day 0', 'exam') AND (event_on IS NULL OR seen_on < event_on)
),

-- A day at which watching stops: a new treatment, a long gap or nothing follows it.
stop AS (
    SELECT
        seen.patient_id,
        seen.day_0,
        seen.seen_on,
        seen.source_table,
        seen.source_id,
        CASE
            WHEN
                seen.treated_on >= seen.seen_on
                AND (seen.next_seen_on IS NULL OR seen.treated_on < seen.next_seen_on)
                THEN 'new anticancer treatment'
            WHEN seen.next_seen_on - seen.seen_on > setting.gap_days THEN 'missed exams'
            WHEN seen.next_seen_on IS NULL AND seen.seen_on = seen.day_0 THEN 'no evaluable exam'
            WHEN seen.next_seen_on IS NULL THEN 'last evaluable exam'
        END AS reason
    FROM seen
    CROSS JOIN setting
    WHERE seen.day_0 IS NOT NULL
),

-- An earlier stop takes precedence over an event, an event over a last date, and day 0 is what is left.
candidate AS (
    SELECT
        ending.*,
        CASE WHEN end_date < start_date THEN 1 WHEN event THEN 3 ELSE 4 END AS precedence
    FROM ending
    UNION ALL
    SELECT
        patient_id,
        'pfs' AS endpoint,
        'fda' AS rule,
        day_0 AS start_date,
        seen_on AS end_date,
        FALSE AS event,
        reason,
        source_table,
        source_id,
        2 AS precedence
    FROM stop
    WHERE reason IS NOT NULL
    UNION ALL
    SELECT
        patient_id,
        endpoint,
        rule,
        start_date,
        start_date AS end_date,
        FALSE AS event,
        'no exam' AS reason,
        source_table,
        source_id,
        5 AS precedence
    FROM time_zero
    WHERE rule = 'study' AND endpoint IN ('pfs', 'time_to_extrahepatic_progression')
),

decided AS (
    SELECT
        candidate.*,
        ROW_NUMBER() OVER (
            PARTITION BY patient_id, endpoint, rule
            ORDER BY precedence, end_date, reason, source_id
        ) AS place
    FROM candidate
)

SELECT
    decided.patient_id,
    decided.endpoint,
    decided.rule,
    decided.start_date,
    decided.end_date,
    CASE WHEN decided.end_date >= decided.start_date THEN decided.end_date - decided.start_date END AS days,
    CASE
        WHEN decided.end_date >= decided.start_date
            THEN CAST(decided.end_date - decided.start_date AS DOUBLE PRECISION) / setting.days_per_month
    END AS months,
    CASE WHEN decided.end_date >= decided.start_date THEN decided.event END AS event,
    CASE WHEN decided.end_date < decided.start_date THEN 'negative time' ELSE decided.reason END AS reason,
    decided.source_table,
    decided.source_id
FROM decided
CROSS JOIN setting
WHERE decided.place = 1
