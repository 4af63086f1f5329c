-- The first day, from day 0 on, after which a patient is no longer watched for an endpoint: a new anticancer treatment,
-- a long gap or nothing follows it. Windows in place of joins: PostgreSQL cannot know how many rows a step holds.
WITH watched_time AS (
    SELECT
        time_zero.*,
        endpoint.stops_at_new_treatment,
        CASE WHEN endpoint.stops_at_gap THEN setting.value END AS gap_days
    FROM scope.survival_start AS time_zero
    INNER JOIN reference.endpoint AS endpoint
        ON
            time_zero.endpoint = endpoint.endpoint
            AND time_zero.rule = endpoint.rule
            AND time_zero.criteria = endpoint.criteria
            AND endpoint.censored_at = 'last evaluable exam'
    INNER JOIN reference.setting AS setting ON setting.name = 'missed_exams_gap_days'
),

-- Everything that counts for or against watching a patient.
watched AS (
    SELECT
        patient_id,
        endpoint,
        rule,
        criteria,
        start_date AS day_0,
        gap_days,
        start_date AS seen_on,
        'day 0' AS kind,
        source_table,
        source_id
    FROM watched_time
    UNION ALL
    SELECT
        watched_time.patient_id,
        watched_time.endpoint,
        watched_time.rule,
        watched_time.criteria,
        watched_time.start_date AS day_0,
        watched_time.gap_days,
        happening.happened_on AS seen_on,
        happening.kind,
        happening.source_table,
        happening.source_id
    FROM watched_time
    INNER JOIN scope.happening AS happening
        ON
            watched_time.patient_id = happening.patient_id
            AND happening.criteria IN ('none', watched_time.criteria)
            AND watched_time.start_date <= happening.happened_on
    WHERE
        happening.kind = 'evaluable exam'
        OR (happening.kind = 'new anticancer treatment' AND watched_time.stops_at_new_treatment)
    UNION ALL
    SELECT
        watched_time.patient_id,
        watched_time.endpoint,
        watched_time.rule,
        watched_time.criteria,
        watched_time.start_date AS day_0,
        watched_time.gap_days,
        ending.end_date AS seen_on,
        'event' AS kind,
        ending.source_table,
        ending.source_id
    FROM watched_time
    INNER JOIN scope.survival_end AS ending
        ON
            watched_time.patient_id = ending.patient_id
            AND watched_time.endpoint = ending.endpoint
            AND watched_time.rule = ending.rule
            AND watched_time.criteria = ending.criteria
            AND watched_time.start_date <= ending.end_date
),

watched_until AS (
    SELECT
        watched.*,
        MIN(seen_on) FILTER (WHERE kind = 'event') OVER one_time AS event_on,
        MIN(seen_on) FILTER (WHERE kind = 'new anticancer treatment') OVER one_time AS treated_on
    FROM watched
    WINDOW one_time AS (PARTITION BY patient_id, endpoint, rule, criteria)
),

seen AS (
    SELECT
        watched_until.*,
        COALESCE(
            LEAD(seen_on) OVER (
                PARTITION BY patient_id, endpoint, rule, criteria ORDER BY seen_on NULLS LAST, kind, source_id
            ),
            event_on
        ) AS next_seen_on
    FROM watched_until
    WHERE kind IN ('day 0', 'evaluable exam') AND (event_on IS NULL OR seen_on < event_on)
),

-- A day at which watching stops.
stop AS (
    SELECT
        seen.*,
        CASE
            WHEN treated_on >= seen_on AND (next_seen_on IS NULL OR treated_on < next_seen_on)
                THEN 'new anticancer treatment'
            WHEN next_seen_on - seen_on > gap_days THEN 'missed exams'
            WHEN next_seen_on IS NULL AND kind = 'day 0' THEN 'no evaluable exam'
            WHEN next_seen_on IS NULL THEN 'last evaluable exam'
        END AS reason
    FROM seen
),

ranked AS (
    SELECT
        stop.*,
        ROW_NUMBER() OVER (
            PARTITION BY patient_id, endpoint, rule, criteria
            ORDER BY seen_on NULLS LAST, reason NULLS LAST, source_id NULLS LAST
        ) AS place
    FROM stop
    WHERE reason IS NOT NULL
)

SELECT
    patient_id,
    endpoint,
    rule,
    criteria,
    day_0,
    seen_on AS last_seen_on,
    reason,
    source_table,
    source_id
FROM ranked
WHERE place = 1
