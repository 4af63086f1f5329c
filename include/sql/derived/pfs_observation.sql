-- pfs by fda: the first day, from day 0 on, after which a patient is no longer watched: a new anticancer treatment, a
-- long gap or nothing follows it. Windows in place of joins: PostgreSQL cannot know how many rows a step holds.
WITH setting AS (
    SELECT CAST(value AS INTEGER) AS gap_days
    FROM reference.setting
    WHERE name = 'missed_exams_gap_days'
),

-- Everything that counts for or against watching a patient.
watched AS (
    SELECT
        patient_id,
        start_date AS seen_on,
        'day 0' AS kind,
        source_table,
        source_id
    FROM scope.survival_start
    WHERE endpoint = 'pfs' AND rule = 'fda'
    UNION ALL
    SELECT
        patient_id,
        exam_date AS seen_on,
        'exam' AS kind,
        'exams' AS source_table,
        evaluable_id AS source_id
    FROM scope.assessed_day
    WHERE evaluable_id IS NOT NULL
    UNION ALL
    SELECT
        patient_id,
        end_date AS seen_on,
        'event' AS kind,
        source_table,
        source_id
    FROM scope.survival_end
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

-- A day at which watching stops.
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

ranked AS (
    SELECT
        stop.*,
        ROW_NUMBER() OVER (PARTITION BY patient_id ORDER BY seen_on, reason, source_id) AS place
    FROM stop
    WHERE reason IS NOT NULL
)

SELECT
    patient_id,
    day_0,
    seen_on AS last_seen_on,
    reason,
    source_table,
    source_id
FROM ranked
WHERE place = 1
