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
),

moment AS (
    SELECT
        patient_id,
        endpoint,
        rule,
        criteria,
        entry,
        immortal_time,
        days,
        event
    FROM derived.survival_interval
    WHERE estimate = 'survival' AND days IS NOT NULL
    UNION ALL
    SELECT
        patient_id,
        endpoint,
        rule,
        criteria,
        entry,
        immortal_time,
        entry_days AS days,
        CAST(NULL AS BOOLEAN) AS event
    FROM derived.survival_interval
    WHERE estimate = 'survival' AND days IS NOT NULL AND entry_days IS NOT NULL
)

SELECT
    moment.endpoint,
    moment.rule,
    moment.criteria,
    moment.entry,
    moment.immortal_time,
    factor.grade,
    factor.burden,
    factor.extrahepatic,
    factor.primary_resected,
    moment.days / MAX(setting.value) AS months,
    COUNT(*) FILTER (WHERE moment.event IS NULL) AS entered,
    COUNT(*) FILTER (WHERE moment.event) AS events,
    COUNT(*) FILTER (WHERE NOT moment.event) AS censored
FROM moment
INNER JOIN factor ON moment.patient_id = factor.patient_id
INNER JOIN reference.setting AS setting ON setting.name = 'days_per_month'
WHERE
    factor.grade IS NOT NULL
    AND factor.burden IS NOT NULL
    AND factor.extrahepatic IS NOT NULL
    AND factor.primary_resected IS NOT NULL
GROUP BY
    moment.endpoint,
    moment.rule,
    moment.criteria,
    moment.entry,
    moment.immortal_time,
    factor.grade,
    factor.burden,
    factor.extrahepatic,
    factor.primary_resected,
    moment.days
