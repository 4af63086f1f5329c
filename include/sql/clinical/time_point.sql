-- A time point is the exams of one patient and reader up to timepoint_window_days after its first one, unless a session
-- parts them: an exam on the day of a session comes before it. The registry's reader answers for every exam.
WITH RECURSIVE setting AS (
    SELECT CAST(value AS INTEGER) AS window_days
    FROM reference.setting
    WHERE name = 'timepoint_window_days'
),

course AS (
    SELECT
        patient_id,
        exam_id,
        exam_date,
        0 AS sessions
    FROM ({% include 'clinical/liver_exam.sql' %}) AS liver_exam
    UNION ALL
    SELECT
        patient_id,
        NULL AS exam_id,
        performed_on AS exam_date,
        1 AS sessions
    FROM clinical.current_procedures
),

parted AS (
    SELECT
        patient_id,
        exam_id,
        exam_date,
        SUM(sessions) OVER (PARTITION BY patient_id) AS sessions,
        SUM(sessions) OVER (
            PARTITION BY patient_id ORDER BY exam_date NULLS LAST, sessions NULLS LAST
        ) AS sessions_before
    FROM course
),

read_exam AS (
    SELECT
        patient_id,
        'registry' AS reader,
        exam_id,
        exam_date,
        sessions_before
    FROM parted
    WHERE exam_id IS NOT NULL AND sessions > 0
    UNION ALL
    SELECT
        parted.patient_id,
        reading.reader,
        parted.exam_id,
        parted.exam_date,
        parted.sessions_before
    FROM (
        SELECT DISTINCT
            patient_id,
            exam_id,
            reader
        FROM clinical.current_lesions
        WHERE reader <> 'registry'
    ) AS reading
    INNER JOIN parted ON reading.exam_id = parted.exam_id
    WHERE COALESCE(reading.patient_id = parted.patient_id, FALSE) AND parted.sessions > 0
),

spaced AS (
    SELECT
        read_exam.*,
        setting.window_days,
        CASE
            WHEN read_exam.exam_date - LAG(read_exam.exam_date) OVER (
                PARTITION BY read_exam.patient_id, read_exam.reader, read_exam.sessions_before
                ORDER BY read_exam.exam_date NULLS LAST, read_exam.exam_id NULLS LAST
            ) <= setting.window_days THEN 0
            ELSE 1
        END AS apart
    FROM read_exam
    CROSS JOIN setting
),

-- Exams that follow each other within the window; a stretch that is longer than the window holds several time points.
numbered AS (
    SELECT
        spaced.*,
        SUM(apart) OVER (
            PARTITION BY patient_id, reader ORDER BY exam_date NULLS LAST, exam_id NULLS LAST
        ) AS stretch
    FROM spaced
),

bounded AS (
    SELECT
        numbered.*,
        MIN(exam_date) OVER (PARTITION BY patient_id, reader, stretch) AS first_date,
        MAX(exam_date) OVER (PARTITION BY patient_id, reader, stretch) AS last_date
    FROM numbered
),

beyond AS (
    SELECT
        exam.patient_id,
        exam.reader,
        exam.stretch,
        exam.exam_date,
        MIN(later.exam_date) AS next_date
    FROM bounded AS exam
    INNER JOIN bounded AS later
        ON
            exam.patient_id = later.patient_id
            AND exam.reader = later.reader
            AND exam.stretch = later.stretch
            AND later.exam_date > exam.exam_date + exam.window_days
    WHERE exam.last_date > exam.first_date + exam.window_days
    GROUP BY exam.patient_id, exam.reader, exam.stretch, exam.exam_date
),

opening AS (
    SELECT DISTINCT
        patient_id,
        reader,
        stretch,
        first_date AS timepoint_date
    FROM bounded
    UNION ALL
    SELECT
        beyond.patient_id,
        beyond.reader,
        beyond.stretch,
        beyond.next_date AS timepoint_date
    FROM opening
    INNER JOIN beyond
        ON
            opening.patient_id = beyond.patient_id
            AND opening.reader = beyond.reader
            AND opening.stretch = beyond.stretch
            AND opening.timepoint_date = beyond.exam_date
),

assigned AS (
    SELECT
        bounded.patient_id,
        bounded.reader,
        bounded.exam_id,
        bounded.exam_date,
        bounded.sessions_before > 0 AS after_treatment,
        MAX(opening.timepoint_date) AS timepoint_date
    FROM bounded
    INNER JOIN opening
        ON
            bounded.patient_id = opening.patient_id
            AND bounded.reader = opening.reader
            AND bounded.stretch = opening.stretch
            AND bounded.exam_date >= opening.timepoint_date
    GROUP BY
        bounded.patient_id, bounded.reader, bounded.exam_id, bounded.exam_date, bounded.sessions_before
)

SELECT
    patient_id,
    reader,
    exam_id,
    exam_date,
    timepoint_date,
    after_treatment,
    ROW_NUMBER() OVER time_point AS exam_number,
    LEAD(exam_id) OVER time_point IS NULL AS is_last
FROM assigned
WINDOW time_point AS (
    PARTITION BY patient_id, reader, timepoint_date ORDER BY exam_date NULLS LAST, exam_id NULLS LAST
)
