-- Sessions gathered into cycles, each judged by the first exam after its last session (mRECIST, registry reader).
WITH RECURSIVE setting AS (
    SELECT
        MAX(value) FILTER (WHERE name = 'cycle_sessions_maximum') AS sessions_maximum,
        MAX(value) FILTER (WHERE name = 'cycle_gap_days') AS gap_days,
        CAST(MAX(value) FILTER (WHERE name = 'response_exam_from_days') AS INTEGER) AS exam_from_days
    FROM reference.setting
),

session AS (
    SELECT
        numbered.patient_id,
        numbered.procedure_id,
        numbered.performed_on,
        numbered.session_number,
        numbered.previous_on,
        procedures.planned_sessions,
        COALESCE(procedures.cycle_complete = 'yes', FALSE) AS liver_complete
    FROM scope.treatment_session AS numbered
    INNER JOIN scope.procedures AS procedures ON numbered.procedure_id = procedures.procedure_id
),

-- Sessions that follow an exam late enough to have judged what was done before them.
judged_before AS (
    SELECT DISTINCT session.procedure_id
    FROM session
    CROSS JOIN setting
    INNER JOIN scope.liver_exam AS exams
        ON
            session.patient_id = exams.patient_id
            AND session.previous_on + setting.exam_from_days <= exams.exam_date
            AND session.performed_on >= exams.exam_date
),

step AS (
    SELECT
        session.patient_id,
        session.procedure_id,
        session.performed_on,
        session.planned_sessions,
        session.liver_complete,
        session.session_number,
        COALESCE(session.performed_on - session.previous_on > setting.gap_days, TRUE) AS late,
        judged_before.procedure_id IS NOT NULL AS judged,
        setting.sessions_maximum
    FROM session
    CROSS JOIN setting
    LEFT JOIN judged_before ON session.procedure_id = judged_before.procedure_id
),

-- The open cycle after each session. An exam before the planned sessions are done does not judge a finished cycle.
-- COALESCE hides an equality from PostgreSQL's planner, which would expect it to leave next to no rows.
gathered AS (
    SELECT
        patient_id,
        session_number,
        procedure_id,
        performed_on,
        liver_complete,
        planned_sessions,
        CAST(1 AS BIGINT) AS cycle,
        CAST(1 AS BIGINT) AS sessions,
        performed_on AS first_session,
        procedure_id AS first_procedure_id
    FROM step
    WHERE COALESCE(session_number = 1, FALSE)
    UNION ALL
    SELECT
        decided.patient_id,
        decided.session_number,
        decided.procedure_id,
        decided.performed_on,
        decided.liver_complete,
        CASE WHEN decided.joins THEN COALESCE(decided.planned, decided.planned_before) ELSE decided.planned END
            AS planned_sessions,
        CASE WHEN decided.joins THEN decided.cycle ELSE decided.cycle + 1 END AS cycle,
        CASE WHEN decided.joins THEN decided.sessions + 1 ELSE 1 END AS sessions,
        CASE WHEN decided.joins THEN decided.first_session ELSE decided.performed_on END AS first_session,
        CASE WHEN decided.joins THEN decided.first_procedure_id ELSE decided.procedure_id END AS first_procedure_id
    FROM (
        SELECT
            step.patient_id,
            step.session_number,
            step.procedure_id,
            step.performed_on,
            step.liver_complete,
            step.planned_sessions AS planned,
            gathered.planned_sessions AS planned_before,
            gathered.cycle,
            gathered.sessions,
            gathered.first_session,
            gathered.first_procedure_id,
            NOT gathered.liver_complete
            AND gathered.sessions < step.sessions_maximum
            AND NOT step.late
            AND NOT (step.judged AND gathered.sessions >= COALESCE(gathered.planned_sessions, 1)) AS joins
        FROM gathered
        INNER JOIN step
            ON
                gathered.patient_id = step.patient_id
                AND gathered.session_number + 1 = step.session_number
    ) AS decided
),

in_turn AS (
    SELECT
        gathered.*,
        LEAD(cycle) OVER (PARTITION BY patient_id ORDER BY session_number NULLS LAST) AS next_cycle,
        LEAD(performed_on) OVER (PARTITION BY patient_id ORDER BY session_number NULLS LAST) AS next_session
    FROM gathered
),

-- The last session of each cycle; next_session opens the next cycle.
closed AS (
    SELECT *
    FROM in_turn
    WHERE next_cycle IS NULL OR next_cycle > cycle
),

-- An exam after the next cycle has begun cannot judge this one.
judgement AS (
    SELECT
        closed.procedure_id,
        assessed.exam_id,
        assessed.exam_date,
        assessed.response,
        ROW_NUMBER() OVER (
            PARTITION BY closed.procedure_id ORDER BY assessed.exam_date NULLS LAST, assessed.exam_id NULLS LAST
        ) AS place
    FROM closed
    CROSS JOIN setting
    INNER JOIN scope.timepoint_response AS assessed
        ON
            closed.patient_id = assessed.patient_id
            AND assessed.reader = 'registry'
            AND assessed.criteria = 'mrecist'
            AND closed.performed_on + setting.exam_from_days <= assessed.exam_date
            AND (closed.next_session IS NULL OR closed.next_session >= assessed.exam_date)
)

SELECT
    closed.patient_id,
    closed.cycle,
    closed.first_session,
    closed.performed_on AS last_session,
    closed.sessions,
    closed.first_procedure_id,
    closed.procedure_id AS last_procedure_id,
    judgement.exam_id AS response_exam_id,
    judgement.exam_date AS response_exam_date,
    judgement.response
FROM closed
LEFT JOIN judgement ON closed.procedure_id = judgement.procedure_id AND judgement.place = 1
