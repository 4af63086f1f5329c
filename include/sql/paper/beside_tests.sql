-- Groups made by what happened after time zero: their comparison, and the one from the landmark on.
SELECT
    'immortal time' AS topic,
    'OS by number of procedures, log-rank p' AS measure,
    'from first procedure' AS study_method,
    study.p_value AS study_1,
    'from 6-month landmark' AS standard_method,
    standard.p_value AS standard_1
FROM marts.survival_comparison AS study
INNER JOIN marts.survival_comparison AS standard ON study.endpoint = standard.endpoint
WHERE
    study.endpoint = 'os_treatment'
    AND study.stratification = 'procedures' AND standard.stratification = 'procedures_landmark'
