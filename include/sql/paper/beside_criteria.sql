-- The same lesions by the study's criteria and by the other ones: response of the evaluable, and time to progression.
WITH assessed (assessment, name, sort_order) AS (
    VALUES
    ('first_cycle', 'after the first cycle', 1),
    ('final', 'at the end', 2),
    ('best', 'at best', 3)
)

SELECT
    'criteria' AS topic,
    CASE study.response WHEN 'OR' THEN 'Objective response ' ELSE 'Disease control ' END || assessed.name
    || ', % (95 % CI)' AS measure,
    'mRECIST' AS study_method,
    study.percent AS study_1,
    study.ci_low AS study_2,
    study.ci_high AS study_3,
    'RECIST 1.1' AS standard_method,
    standard.percent AS standard_1,
    standard.ci_low AS standard_2,
    standard.ci_high AS standard_3,
    assessed.sort_order
FROM marts.response_rate AS study
INNER JOIN marts.response_rate AS standard
    ON
        study.assessment = standard.assessment
        AND study.stratification = standard.stratification
        AND study.denominator_kind = standard.denominator_kind
        AND study.response = standard.response
INNER JOIN assessed ON study.assessment = assessed.assessment
WHERE
    study.criteria = 'mrecist' AND standard.criteria = 'recist_1_1' AND study.stratification = 'all'
    AND study.denominator_kind = 'evaluable' AND study.response IN ('OR', 'DCR')
UNION ALL
SELECT
    'criteria' AS topic,
    'Without progression at ' || CAST(CAST(study.months AS BIGINT) AS TEXT) || ' months, % (95 % CI)' AS measure,
    'mRECIST' AS study_method,
    100 * study.survival AS study_1,
    100 * study.ci_low AS study_2,
    100 * study.ci_high AS study_3,
    'RECIST 1.1' AS standard_method,
    100 * standard.survival AS standard_1,
    100 * standard.ci_low AS standard_2,
    100 * standard.ci_high AS standard_3,
    4 AS sort_order
FROM marts.survival_at AS study
INNER JOIN marts.survival_at AS standard
    ON
        study.endpoint = standard.endpoint
        AND study.rule = standard.rule
        AND study.stratification = standard.stratification
        AND study.ci_method = standard.ci_method
        AND study.months = standard.months
WHERE
    study.criteria = 'mrecist' AND standard.criteria = 'recist_1_1' AND study.stratification = 'all'
    AND study.endpoint = 'pfs' AND study.rule = 'study' AND study.ci_method = 'log-log' AND study.months IN (12, 24)
ORDER BY sort_order ASC, measure ASC
