-- The log-rank test with the medians that the paper prints beside it.
SELECT
    comparison.stratification,
    MAX(comparison.p_value) AS p,
    MAX(summary.median_months) FILTER (WHERE summary.stratum = 'yes') AS medians_yes,
    MAX(summary.median_months) FILTER (WHERE summary.stratum = 'no') AS medians_no,
    MAX(summary.median_months) FILTER (WHERE summary.stratum = '1') AS medians_a_1,
    MAX(summary.median_months) FILTER (WHERE summary.stratum = '>=4') AS medians_c_ge4
FROM marts.survival_comparison AS comparison
INNER JOIN marts.survival_summary AS summary
    ON
        comparison.endpoint = summary.endpoint
        AND comparison.rule = summary.rule
        AND comparison.criteria = summary.criteria
        AND comparison.entry = summary.entry
        AND comparison.stratification = summary.stratification
WHERE comparison.endpoint = 'os_treatment' AND comparison.rule = 'study' AND summary.ci_method = 'plain'
GROUP BY comparison.stratification
