-- The analyses that the marts have, by their keys, and each stratification's name.
SELECT DISTINCT
    summary.endpoint,
    summary.rule,
    summary.criteria,
    summary.entry,
    summary.stratification,
    summary.ci_method,
    label.stratification_label
FROM marts.survival_summary AS summary
INNER JOIN (SELECT DISTINCT
    stratification,
    stratification_label
FROM marts.stratification) AS label ON summary.stratification = label.stratification
ORDER BY
    summary.endpoint DESC,
    summary.rule DESC,
    summary.criteria ASC,
    summary.entry DESC,
    summary.stratification ASC,
    summary.ci_method ASC
