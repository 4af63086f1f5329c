-- For every endpoint the first event decides, else a death of unknown date, else the last date without an event.
-- A death before time zero stays, to be reported as negative time, and an exam before time zero says nothing. What an
-- exam shows on the day of time zero came before it.
WITH ending AS (
    SELECT
        time_zero.patient_id,
        time_zero.endpoint,
        time_zero.rule,
        time_zero.criteria,
        time_zero.start_date,
        time_zero.start_date_precision,
        happening.happened_on AS end_date,
        happening.happened_on_precision AS end_date_precision,
        ends_with.role <> 'censoring' AS event,
        CASE
            WHEN happening.happened_on < time_zero.start_date THEN 1
            WHEN ends_with.role = 'censoring' THEN 4
            WHEN happening.happened_on IS NOT NULL THEN 2
            ELSE 3
        END AS precedence,
        CASE ends_with.role WHEN 'event by cause' THEN happening.death_cause WHEN 'event' THEN happening.kind END
            AS cause,
        happening.kind,
        COALESCE(happening.reason, happening.kind) AS reason,
        happening.source_table,
        happening.source_id
    FROM scope.survival_start AS time_zero
    INNER JOIN reference.endpoint_end AS ends_with
        ON
            time_zero.endpoint = ends_with.endpoint
            AND time_zero.rule = ends_with.rule
            AND time_zero.criteria = ends_with.criteria
            AND ends_with.role <> 'competing'
    INNER JOIN scope.happening AS happening
        ON
            time_zero.patient_id = happening.patient_id
            AND ends_with.kind = happening.kind
            AND happening.criteria IN ('none', time_zero.criteria)
    WHERE
        happening.kind = 'death'
        OR time_zero.start_date < happening.happened_on
        OR (time_zero.start_date = happening.happened_on AND ends_with.role = 'censoring')
),

-- Of a progression and a death on one day the progression counts.
ranked AS (
    SELECT
        ending.*,
        ROW_NUMBER() OVER (
            PARTITION BY patient_id, endpoint, rule, criteria
            ORDER BY
                precedence ASC NULLS LAST,
                end_date ASC NULLS LAST,
                CASE kind WHEN 'death' THEN 2 ELSE 1 END ASC NULLS LAST,
                kind ASC NULLS LAST,
                source_id ASC NULLS LAST
        ) AS place
    FROM ending
)

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
    source_id
FROM ranked
WHERE place = 1
