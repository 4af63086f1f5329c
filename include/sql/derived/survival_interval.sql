-- The one place that says when a patient entered and what an event was.
WITH observed AS (
    SELECT
        patient_id,
        endpoint,
        rule,
        criteria,
        'survival' AS estimate,
        start_date,
        COALESCE(start_date_precision, end_date_precision) IS NOT NULL AS is_imputed,
        days,
        months,
        event,
        'none' AS cause,
        rule_version,
        derived_at
    FROM derived.survival_time
    UNION ALL
    SELECT
        patient_id,
        endpoint,
        rule,
        criteria,
        'incidence' AS estimate,
        start_date,
        COALESCE(start_date_precision, end_date_precision) IS NOT NULL AS is_imputed,
        days,
        months,
        CASE WHEN days IS NOT NULL THEN cause IS NOT NULL END AS event,
        COALESCE(cause, 'none') AS cause,
        rule_version,
        derived_at
    FROM derived.competing_time
)

SELECT
    observed.patient_id,
    way.estimate_number,
    observed.endpoint,
    observed.rule,
    observed.criteria,
    observed.estimate,
    way.entry,
    way.immortal_time,
    observed.start_date,
    observed.is_imputed,
    CASE
        WHEN way.entry = 'delayed' THEN GREATEST(follow_up.first_procedure - observed.start_date, 0)
    END AS entry_days,
    observed.days,
    observed.months,
    observed.event,
    observed.cause,
    observed.rule_version,
    observed.derived_at
FROM observed
INNER JOIN reference.endpoint_estimate AS way
    ON
        observed.endpoint = way.endpoint
        AND observed.rule = way.rule
        AND observed.criteria = way.criteria
        AND observed.estimate = way.estimate
LEFT JOIN derived.follow_up AS follow_up ON observed.patient_id = follow_up.patient_id
WHERE
    way.entry = 'time zero'
    OR (
        follow_up.first_procedure IS NOT NULL
        AND (
            observed.days IS NULL
            OR observed.days > GREATEST(follow_up.first_procedure - observed.start_date, 0)
        )
    )
