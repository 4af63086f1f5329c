-- The analyses that the marts have, by their keys, and the names of stratifications for readers.
SELECT DISTINCT
    summary.endpoint,
    summary.rule,
    summary.criteria,
    summary.entry,
    summary.stratification,
    summary.ci_method,
    COALESCE(stratification.stratification_label, summary.stratification) AS stratification_label
FROM marts.survival_summary AS summary
LEFT JOIN (
    SELECT
        stratification,
        MAX(stratification_label) AS stratification_label
    FROM marts.stratification
    GROUP BY stratification
) AS stratification ON summary.stratification = stratification.stratification
ORDER BY
    summary.endpoint DESC,
    summary.rule DESC,
    summary.criteria ASC,
    summary.entry DESC,
    summary.stratification ASC,
    summary.ci_method ASC
