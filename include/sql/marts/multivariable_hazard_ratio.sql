-- The factors of the model are those of the study's comparisons that are known at time zero of every patient.
WITH factor AS (
    SELECT
        patient_id,
        MAX(stratum) FILTER (WHERE stratification = 'grade') AS grade,
        MAX(stratum) FILTER (WHERE stratification = 'burden') AS burden,
        MAX(stratum) FILTER (WHERE stratification = 'extrahepatic') AS extrahepatic,
        MAX(stratum) FILTER (WHERE stratification = 'primary_resected') AS primary_resected
    FROM derived.patient_stratum
    GROUP BY patient_id
)

SELECT
    t.endpoint,
    t.rule,
    t.criteria,
    t.entry,
    t.immortal_time,
    f.grade,
    f.burden,
    f.extrahepatic,
    f.primary_resected,
    moment.days / days_per_month.value AS months,
    COUNT(*) FILTER (WHERE moment.enters) AS entered,
    COUNT(*) FILTER (WHERE NOT moment.enters AND t.event) AS events,
    COUNT(*) FILTER (WHERE NOT moment.enters AND NOT t.event) AS censored
FROM derived.survival_interval AS t
INNER JOIN factor AS f ON t.patient_id = f.patient_id
CROSS JOIN LATERAL (VALUES (t.days, FALSE), (t.entry_days, TRUE)) AS moment (days, enters)
INNER JOIN reference.setting AS days_per_month ON days_per_month.name = 'days_per_month'
WHERE
    t.days IS NOT NULL
    AND moment.days IS NOT NULL
    AND f.grade IS NOT NULL
    AND f.burden IS NOT NULL
    AND f.extrahepatic IS NOT NULL
    AND f.primary_resected IS NOT NULL
GROUP BY
    t.endpoint,
    t.rule,
    t.criteria,
    t.entry,
    t.immortal_time,
    f.grade,
    f.burden,
    f.extrahepatic,
    f.primary_resected,
    moment.days,
    days_per_month.value
