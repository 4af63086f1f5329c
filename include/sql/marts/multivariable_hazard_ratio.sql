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
    f.grade,
    f.burden,
    f.extrahepatic,
    f.primary_resected,
    t.months,
    COUNT(*) FILTER (WHERE t.event) AS events,
    COUNT(*) FILTER (WHERE NOT t.event) AS censored
FROM derived.survival_time AS t
INNER JOIN factor AS f ON t.patient_id = f.patient_id
WHERE
    t.days IS NOT NULL
    AND t.criteria IN ('none', 'mrecist')
    AND f.grade IS NOT NULL
    AND f.burden IS NOT NULL
    AND f.extrahepatic IS NOT NULL
    AND f.primary_resected IS NOT NULL
GROUP BY t.endpoint, t.rule, f.grade, f.burden, f.extrahepatic, f.primary_resected, t.months
