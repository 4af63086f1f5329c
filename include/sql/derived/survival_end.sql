-- For every endpoint the first event decides, else a death of unknown date, else the last date without an event.
-- A death before time zero stays, to be reported as negative time, and an exam before time zero says nothing.
WITH exam_in_turn AS (
    SELECT
        patient_id,
        exam_date,
        exam_id,
        ROW_NUMBER() OVER (PARTITION BY patient_id ORDER BY exam_date DESC NULLS LAST, exam_id ASC) AS recency
    FROM scope.exams
),

happening AS (
    SELECT
        patient_id,
        CASE vital_status WHEN 'dead' THEN 'death' ELSE 'last known alive' END AS kind,
        COALESCE(reason, CASE vital_status WHEN 'dead' THEN 'death' ELSE 'last known alive' END) AS reason,
        CASE WHEN reason IS NULL THEN last_contact END AS happened_on,
        source_table,
        source_id
    FROM scope.follow_up
    WHERE last_contact IS NOT NULL OR reason IS NOT NULL
    UNION ALL
    SELECT
        patient_id,
        'progression' AS kind,
        'progression' AS reason,
        exam_date AS happened_on,
        'exams' AS source_table,
        progression_id AS source_id
    FROM scope.assessed_day
    WHERE progression_id IS NOT NULL
    UNION ALL
    SELECT
        patient_id,
        'extrahepatic progression' AS kind,
        'extrahepatic progression' AS reason,
        exam_date AS happened_on,
        'exams' AS source_table,
        exam_id AS source_id
    FROM scope.exams
    WHERE extrahepatic_progression = 'yes'
    UNION ALL
    SELECT
        patient_id,
        'last exam' AS kind,
        'last exam' AS reason,
        exam_date AS happened_on,
        'exams' AS source_table,
        exam_id AS source_id
    FROM exam_in_turn
    WHERE recency = 1
),

ends_with (endpoint, rule, kind, is_event) AS (
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

ending AS (
    SELECT
        time_zero.patient_id,
        time_zero.endpoint,
        time_zero.rule,
        time_zero.start_date,
        happening.happened_on AS end_date,
        ends_with.is_event AS event,
        CASE
            WHEN happening.happened_on < time_zero.start_date THEN 1
            WHEN ends_with.is_event AND happening.happened_on IS NOT NULL THEN 2
            WHEN ends_with.is_event THEN 3
            ELSE 4
        END AS precedence,
        happening.reason,
        happening.source_table,
        happening.source_id
    FROM scope.survival_start AS time_zero
    INNER JOIN happening ON time_zero.patient_id = happening.patient_id
    INNER JOIN ends_with
        ON
            time_zero.endpoint = ends_with.endpoint
            AND time_zero.rule = ends_with.rule
            AND happening.kind = ends_with.kind
    WHERE happening.kind = 'death' OR time_zero.start_date <= happening.happened_on
),

ranked AS (
    SELECT
        ending.*,
        ROW_NUMBER() OVER (
            PARTITION BY patient_id, endpoint, rule ORDER BY precedence, end_date, reason, source_id
        ) AS place
    FROM ending
)

SELECT
    patient_id,
    endpoint,
    rule,
    start_date,
    end_date,
    event,
    reason,
    source_table,
    source_id
FROM ranked
WHERE place = 1
