{% macro beside(study_method, standard_method) %}
'{{ study_method }}' AS study_method,
    study.median_months AS study_1,
    study.median_ci_low AS study_2,
    study.median_ci_high AS study_3,
    '{{ standard_method }}' AS standard_method,
    standard.median_months AS standard_1,
    standard.median_ci_low AS standard_2,
    standard.median_ci_high AS standard_3
FROM summary AS study
INNER JOIN summary AS standard
{%- endmacro %}
-- Median times with their intervals, months; null = not reached.
WITH summary AS (
    SELECT
        endpoint,
        rule,
        entry,
        ci_method,
        stratification,
        stratum,
        median_months,
        median_ci_low,
        median_ci_high
    FROM marts.survival_summary
    WHERE criteria IN ('none', 'mrecist')
)

SELECT
    'intervals' AS topic,
    CASE study.endpoint WHEN 'os_diagnosis' THEN 'Median OS from diagnosis' ELSE 'Median OS from first procedure' END
    || ', months (95 % CI)' AS measure,
    {{ beside("plain", "log-log") }}
    ON
        study.endpoint = standard.endpoint
        AND study.stratification = standard.stratification
        AND study.entry = standard.entry
WHERE
    study.endpoint IN ('os_diagnosis', 'os_treatment') AND study.stratification = 'all' AND study.entry = 'time zero'
    AND study.ci_method = 'plain' AND standard.ci_method = 'log-log'
UNION ALL
SELECT
    'progression' AS topic,
    'Median, months (95 % CI)' AS measure,
    {{ beside("time to progression", "PFS") }}
    ON
        study.endpoint = standard.endpoint
        AND study.stratification = standard.stratification
        AND study.ci_method = standard.ci_method
WHERE
    study.endpoint = 'pfs' AND study.rule = 'study' AND standard.rule = 'fda'
    AND study.stratification = 'all' AND study.ci_method = 'log-log'
UNION ALL
SELECT
    'delayed entry' AS topic,
    'Median OS from diagnosis, months (95 % CI)' AS measure,
    {{ beside("at risk from diagnosis on", "at risk from first procedure on") }}
    ON
        study.endpoint = standard.endpoint
        AND study.stratification = standard.stratification
        AND study.ci_method = standard.ci_method
WHERE
    study.stratification = 'all' AND study.ci_method = 'log-log'
    AND study.entry = 'time zero' AND standard.entry = 'delayed'
UNION ALL
SELECT
    'immortal time' AS topic,
    'Median OS after ' || study.stratum || ' procedures, months (95 % CI)' AS measure,
    {{ beside("from first procedure", "from 6-month landmark") }}
    ON
        study.endpoint = standard.endpoint
        AND study.stratum = standard.stratum
        AND study.ci_method = standard.ci_method
WHERE
    study.endpoint = 'os_treatment' AND study.ci_method = 'log-log'
    AND study.stratification = 'procedures' AND standard.stratification = 'procedures_landmark'
ORDER BY topic ASC, measure ASC
