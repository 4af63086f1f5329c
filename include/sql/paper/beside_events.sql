SELECT
    'progression' AS topic,
    'Patients with the event' AS measure,
    'time to progression' AS study_method,
    study.events AS study_1,
    study.patients AS study_2,
    'PFS' AS standard_method,
    standard.events AS standard_1,
    standard.patients AS standard_2
FROM marts.survival_summary AS study
INNER JOIN marts.survival_summary AS standard
    ON
        study.endpoint = standard.endpoint
        AND study.stratification = standard.stratification
        AND study.criteria = standard.criteria
        AND study.ci_method = standard.ci_method
WHERE
    study.endpoint = 'pfs' AND study.rule = 'study' AND standard.rule = 'fda'
    AND study.criteria = 'mrecist' AND study.stratification = 'all' AND study.ci_method = 'log-log'
