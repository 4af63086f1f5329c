-- Progression where death can come first: deaths censored as in the study, and as the competing event.
SELECT
    'competing risks' AS topic,
    'Progression by ' || CAST(CAST(study.months AS BIGINT) AS TEXT) || ' months, % (95 % CI)' AS measure,
    'free of it, deaths censored' AS study_method,
    100 * study.survival AS study_1,
    100 * study.ci_low AS study_2,
    100 * study.ci_high AS study_3,
    'cumulative incidence, death competes' AS standard_method,
    100 * standard.cif AS standard_1,
    100 * standard.ci_low AS standard_2,
    100 * standard.ci_high AS standard_3
FROM marts.survival_at AS study
INNER JOIN marts.cumulative_incidence AS standard
    ON
        study.endpoint = standard.endpoint
        AND study.criteria = standard.criteria
        AND study.stratification = standard.stratification
        AND study.months = standard.months
WHERE
    study.endpoint = 'pfs' AND study.rule = 'study' AND study.criteria = 'mrecist'
    AND study.stratification = 'all' AND study.ci_method = 'log-log'
    AND standard.cause = 'progression' AND study.months IN (12, 24)
ORDER BY study.months ASC
