-- The one place that says by which criteria a time was counted, when a patient entered and what an event was.
WITH observed AS (
    SELECT
        t.patient_id,
        t.endpoint,
        t.rule,
        t.criteria,
        t.start_date,
        GREATEST(f.first_procedure - t.start_date, 0) AS entry_days,
        f.first_procedure IS NOT NULL AND t.endpoint = 'os_diagnosis' AS enters_late,
        t.days,
        t.months,
        t.event,
        CASE
            WHEN k.endpoint IS NULL OR NOT t.event THEN 'none'
            WHEN t.endpoint = 'os_treatment' THEN COALESCE(f.death_cause, 'unknown')
            ELSE t.reason
        END AS cause,
        t.rule_version,
        t.derived_at
    FROM derived.survival_time AS t
    LEFT JOIN derived.follow_up AS f ON t.patient_id = f.patient_id
    LEFT JOIN reference.competing_endpoint AS k ON t.endpoint = k.endpoint AND t.rule = k.rule
    WHERE t.criteria IN ('none', 'mrecist')
)

SELECT
    patient_id,
    endpoint,
    rule,
    criteria,
    'time zero' AS entry,
    endpoint = 'os_diagnosis' AS immortal_time,
    start_date,
    CAST(NULL AS INTEGER) AS entry_days,
    days,
    months,
    event,
    cause,
    rule_version,
    derived_at
FROM observed
UNION ALL
SELECT
    patient_id,
    endpoint,
    rule,
    criteria,
    'delayed' AS entry,
    FALSE AS immortal_time,
    start_date,
    entry_days,
    days,
    months,
    event,
    cause,
    rule_version,
    derived_at
FROM observed
WHERE enters_late AND (days IS NULL OR days > entry_days)
