-- What death can come before: 1 - Kaplan-Meier with deaths censored, and death as the competing event.
SELECT
    'competing risks' AS topic,
    CASE study.endpoint WHEN 'pfs' THEN 'Progression' ELSE 'Extrahepatic progression' END
    || ' by ' || CAST(CAST(study.months AS BIGINT) AS TEXT) || ' months, % (95 % CI)' AS measure,
    '1 - Kaplan-Meier, deaths censored' AS study_method,
    100 * (1 - study.survival) AS study_1,
    100 * (1 - study.ci_high) AS study_2,
    100 * (1 - study.ci_low) AS study_3,
    'cumulative incidence, death competes' AS standard_method,
    100 * standard.cif AS standard_1,
    100 * standard.ci_low AS standard_2,
    100 * standard.ci_high AS standard_3
FROM marts.survival_at AS study
INNER JOIN marts.cumulative_incidence AS standard
    ON
        study.endpoint = standard.endpoint
        AND study.rule = standard.rule
        AND study.criteria = standard.criteria
        AND study.stratification = standard.stratification
        AND study.months = standard.months
WHERE
    study.endpoint IN ('pfs', 'time_to_extrahepatic_progression') AND study.criteria IN ('none', 'mrecist')
    AND study.stratification = 'all' AND study.ci_method = 'log-log'
    AND standard.cause <> 'death' AND study.months IN (12, 24)
ORDER BY study.endpoint ASC, study.months ASC
