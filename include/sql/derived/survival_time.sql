-- What ends each patient's time: an earlier stop of observation takes precedence over an event, an event (if of unknown
-- date) over a last date without one, and day 0 is what is left. Negative time comes first, to be reported.
WITH candidate AS (
    SELECT
        patient_id,
        endpoint,
        rule,
        criteria,
        start_date,
        start_date_precision,
        end_date,
        end_date_precision,
        event,
        cause,
        reason,
        source_table,
        source_id,
        CASE WHEN end_date < start_date THEN 1 ELSE 3 END AS precedence
    FROM scope.survival_end
    UNION ALL
    SELECT
        patient_id,
        endpoint,
        rule,
        criteria,
        day_0 AS start_date,
        NULL AS start_date_precision,
        last_seen_on AS end_date,
        NULL AS end_date_precision,
        FALSE AS event,
        NULL AS cause,
        reason,
        source_table,
        source_id,
        CASE WHEN reason IN ('missed exams', 'new anticancer treatment') THEN 2 ELSE 4 END AS precedence
    FROM scope.observation_stop
    UNION ALL
    SELECT
        time_zero.patient_id,
        time_zero.endpoint,
        time_zero.rule,
        time_zero.criteria,
        time_zero.start_date,
        time_zero.start_date_precision,
        time_zero.start_date AS end_date,
        NULL AS end_date_precision,
        FALSE AS event,
        NULL AS cause,
        'no exam' AS reason,
        time_zero.source_table,
        time_zero.source_id,
        5 AS precedence
    FROM scope.survival_start AS time_zero
    INNER JOIN reference.endpoint AS endpoint
        ON
            time_zero.endpoint = endpoint.endpoint
            AND time_zero.rule = endpoint.rule
            AND time_zero.criteria = endpoint.criteria
            AND endpoint.censored_at = 'last exam'
),

decided AS (
    SELECT
        candidate.*,
        end_date >= start_date AS is_possible,
        ROW_NUMBER() OVER (
            PARTITION BY patient_id, endpoint, rule, criteria
            ORDER BY precedence NULLS LAST, source_id NULLS LAST
        ) AS place
    FROM candidate
)

SELECT
    decided.patient_id,
    decided.endpoint,
    decided.rule,
    decided.criteria,
    CASE WHEN decided.criteria <> 'none' THEN 'registry' END AS reader,
    decided.start_date,
    decided.start_date_precision,
    decided.end_date,
    decided.end_date_precision,
    CASE WHEN decided.is_possible THEN decided.end_date - decided.start_date END AS days,
    CASE
        WHEN decided.is_possible
            THEN CAST(decided.end_date - decided.start_date AS DOUBLE PRECISION) / setting.value
    END AS months,
    CASE WHEN decided.is_possible THEN decided.event END AS event,
    CASE WHEN decided.is_possible THEN decided.cause END AS cause,
    CASE WHEN NOT decided.is_possible THEN 'negative time' ELSE decided.reason END AS reason,
    decided.source_table,
    decided.source_id
FROM decided
INNER JOIN reference.setting AS setting ON setting.name = 'days_per_month'
WHERE decided.place = 1
