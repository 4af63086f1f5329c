-- Survival and progression at the months that the study prints, percent.
WITH cohort AS (
    SELECT
        endpoint,
        rule,
        entry,
        ci_method,
        months,
        100 * survival AS survival,
        100 * ci_low AS ci_low,
        100 * ci_high AS ci_high
    FROM marts.survival_at
    WHERE stratification = 'all' AND criteria IN ('none', 'mrecist')
)

SELECT
    'intervals' AS topic,
    'OS from first procedure at ' || CAST(CAST(study.months AS BIGINT) AS TEXT) || ' months, % (95 % CI)' AS measure,
    'plain' AS study_method,
    study.survival AS study_1,
    study.ci_low AS study_2,
    study.ci_high AS study_3,
    'log-log' AS standard_method,
    standard.survival AS standard_1,
    standard.ci_low AS standard_2,
    standard.ci_high AS standard_3,
    study.months
FROM cohort AS study
INNER JOIN cohort AS standard ON study.endpoint = standard.endpoint AND study.months = standard.months
WHERE
    study.endpoint = 'os_treatment' AND study.ci_method = 'plain' AND standard.ci_method = 'log-log'
    AND study.months >= 12
UNION ALL
SELECT
    'progression' AS topic,
    'Event-free at ' || CAST(CAST(study.months AS BIGINT) AS TEXT) || ' months, % (95 % CI)' AS measure,
    'time to progression' AS study_method,
    study.survival AS study_1,
    study.ci_low AS study_2,
    study.ci_high AS study_3,
    'PFS' AS standard_method,
    standard.survival AS standard_1,
    standard.ci_low AS standard_2,
    standard.ci_high AS standard_3,
    study.months
FROM cohort AS study
INNER JOIN cohort AS standard
    ON
        study.endpoint = standard.endpoint
        AND study.ci_method = standard.ci_method
        AND study.months = standard.months
WHERE
    study.endpoint = 'pfs' AND study.rule = 'study' AND standard.rule = 'fda' AND study.ci_method = 'log-log'
    AND study.months IN (12, 24)
UNION ALL
SELECT
    'delayed entry' AS topic,
    'OS from diagnosis at ' || CAST(CAST(study.months AS BIGINT) AS TEXT) || ' months, % (95 % CI)' AS measure,
    'at risk from diagnosis on' AS study_method,
    study.survival AS study_1,
    study.ci_low AS study_2,
    study.ci_high AS study_3,
    'at risk from first procedure on' AS standard_method,
    standard.survival AS standard_1,
    standard.ci_low AS standard_2,
    standard.ci_high AS standard_3,
    study.months
FROM cohort AS study
INNER JOIN cohort AS standard
    ON
        study.endpoint = standard.endpoint
        AND study.ci_method = standard.ci_method
        AND study.months = standard.months
WHERE
    study.entry = 'time zero' AND standard.entry = 'delayed' AND study.ci_method = 'log-log'
    AND study.months IN (24, 60)
ORDER BY topic ASC, months ASC
