-- What competes ends a time with an event if it comes before that, and one without event if it comes within
-- missed_exams_gap_days of its last date; one of unknown date leaves that open unless the patient is known to
-- have lived longer.
WITH rival AS (
    SELECT
        t.patient_id,
        t.endpoint,
        t.rule,
        t.criteria,
        happening.happened_on,
        happening.happened_on_precision,
        happening.kind,
        happening.reason,
        happening.source_table,
        happening.source_id,
        ROW_NUMBER() OVER (
            PARTITION BY t.patient_id, t.endpoint, t.rule, t.criteria
            ORDER BY happening.happened_on NULLS LAST, happening.kind NULLS LAST, happening.source_id NULLS LAST
        ) AS place
    FROM scope.survival_time AS t
    INNER JOIN reference.endpoint_end AS ends_with
        ON
            t.endpoint = ends_with.endpoint
            AND t.rule = ends_with.rule
            AND t.criteria = ends_with.criteria
            AND ends_with.role = 'competing'
    INNER JOIN scope.happening AS happening
        ON
            t.patient_id = happening.patient_id
            AND ends_with.kind = happening.kind
            AND happening.criteria IN ('none', t.criteria)
    LEFT JOIN scope.follow_up AS follow_up ON t.patient_id = follow_up.patient_id
    INNER JOIN reference.setting AS setting ON setting.name = 'missed_exams_gap_days'
    WHERE
        COALESCE(happening.happened_on >= t.start_date, TRUE)
        AND CASE
            WHEN t.event THEN COALESCE(happening.happened_on < t.end_date, FALSE)
            WHEN NOT t.event
                THEN
                    COALESCE(
                        COALESCE(happening.happened_on, follow_up.last_contact) - t.end_date <= setting.value, TRUE
                    )
        END
),

ended AS (
    SELECT
        t.patient_id,
        t.endpoint,
        t.rule,
        t.criteria,
        t.start_date,
        t.start_date_precision,
        CASE WHEN rival.place IS NULL THEN t.end_date ELSE rival.happened_on END AS end_date,
        CASE WHEN rival.place IS NULL THEN t.end_date_precision ELSE rival.happened_on_precision END
            AS end_date_precision,
        CASE WHEN rival.place IS NULL THEN t.cause WHEN rival.happened_on IS NOT NULL THEN rival.kind END AS cause,
        CASE WHEN rival.place IS NULL THEN t.reason ELSE COALESCE(rival.reason, rival.kind) END AS reason,
        CASE WHEN rival.place IS NULL THEN t.source_table ELSE rival.source_table END AS source_table,
        CASE WHEN rival.place IS NULL THEN t.source_id ELSE rival.source_id END AS source_id,
        t.event IS NOT NULL AS is_evaluable
    FROM scope.survival_time AS t
    INNER JOIN reference.endpoint_estimate AS way
        ON
            t.endpoint = way.endpoint
            AND t.rule = way.rule
            AND t.criteria = way.criteria
            AND way.estimate = 'incidence'
    LEFT JOIN rival
        ON
            t.patient_id = rival.patient_id
            AND t.endpoint = rival.endpoint
            AND t.rule = rival.rule
            AND t.criteria = rival.criteria
            AND rival.place = 1
)

SELECT
    ended.patient_id,
    ended.endpoint,
    ended.rule,
    ended.criteria,
    ended.start_date,
    ended.start_date_precision,
    ended.end_date,
    ended.end_date_precision,
    CASE WHEN ended.is_evaluable THEN ended.end_date - ended.start_date END AS days,
    CASE
        WHEN ended.is_evaluable
            THEN CAST(ended.end_date - ended.start_date AS DOUBLE PRECISION) / setting.value
    END AS months,
    ended.cause,
    ended.reason,
    ended.source_table,
    ended.source_id
FROM ended
INNER JOIN reference.setting AS setting ON setting.name = 'days_per_month'
