-- What ends each patient's time: an earlier stop of observation takes precedence over an event, an event (if of unknown
-- date) over a last date without one, and day 0 is what is left. Negative time comes first, to be reported.
WITH candidate AS (
    SELECT
        patient_id,
        endpoint,
        rule,
        start_date,
        end_date,
        event,
        reason,
        source_table,
        source_id,
        CASE WHEN end_date < start_date THEN 1 ELSE 3 END AS precedence
    FROM scope.survival_end
    UNION ALL
    SELECT
        patient_id,
        'pfs' AS endpoint,
        'fda' AS rule,
        day_0 AS start_date,
        last_seen_on AS end_date,
        FALSE AS event,
        reason,
        source_table,
        source_id,
        CASE WHEN reason IN ('missed exams', 'new anticancer treatment') THEN 2 ELSE 4 END AS precedence
    FROM scope.pfs_observation
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
    FROM scope.survival_start
    WHERE rule = 'study' AND endpoint IN ('pfs', 'time_to_extrahepatic_progression')
),

decided AS (
    SELECT
        candidate.*,
        end_date >= start_date AS is_possible,
        ROW_NUMBER() OVER (PARTITION BY patient_id, endpoint, rule ORDER BY precedence, source_id) AS place
    FROM candidate
)

SELECT
    decided.patient_id,
    decided.endpoint,
    decided.rule,
    decided.start_date,
    decided.end_date,
    CASE WHEN decided.is_possible THEN decided.end_date - decided.start_date END AS days,
    CASE
        WHEN decided.is_possible
            THEN CAST(decided.end_date - decided.start_date AS DOUBLE PRECISION) / setting.value
    END AS months,
    CASE WHEN decided.is_possible THEN decided.event END AS event,
    CASE WHEN NOT decided.is_possible THEN 'negative time' ELSE decided.reason END AS reason,
    decided.source_table,
    decided.source_id
FROM decided
INNER JOIN reference.setting AS setting ON setting.name = 'days_per_month'
WHERE decided.place = 1
