-- The one place that says by which criteria a time was counted, when a patient entered and what an event was.
SELECT
    t.patient_id,
    t.endpoint,
    t.rule,
    CASE WHEN t.endpoint IN ('os_diagnosis', 'os_treatment') THEN 'none' ELSE 'mrecist' END AS criteria,
    entrance.entry,
    t.endpoint = 'os_diagnosis' AND entrance.entry = 'time zero' AS immortal_time,
    t.start_date,
    entrance.entry_days,
    t.days,
    t.event,
    CASE
        WHEN NOT t.event THEN 'none'
        WHEN t.endpoint IN ('os_diagnosis', 'os_treatment') THEN COALESCE(f.death_cause, 'unknown')
        ELSE t.reason
    END AS cause,
    t.rule_version,
    t.derived_at
FROM derived.survival_time AS t
LEFT JOIN derived.follow_up AS f ON t.patient_id = f.patient_id
CROSS JOIN
    LATERAL (
        VALUES
        ('time zero', NULL, TRUE),
        ('delayed', GREATEST(f.first_procedure - t.start_date, 0), t.endpoint = 'os_diagnosis')
    ) AS entrance (entry, entry_days, applies)
WHERE
    entrance.applies
    AND (
        entrance.entry = 'time zero' OR (f.first_procedure IS NOT NULL AND COALESCE(t.days > entrance.entry_days, TRUE))
    )
