-- Observed times as they are: the mean and range that the study prints, not a Kaplan-Meier estimate.
SELECT
    t.endpoint,
    t.rule,
    t.criteria,
    p.population,
    COUNT(*) AS n,
    AVG(t.months) AS mean,
    STDDEV_SAMP(t.months) AS sd,
    PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY t.months) AS median,
    MIN(t.months) AS min,
    MAX(t.months) AS max
FROM derived.survival_time AS t
CROSS JOIN LATERAL (VALUES ('all', TRUE), ('assessed', t.days > 0), ('event', t.event)) AS p (population, applies)
WHERE t.days IS NOT NULL AND p.applies
GROUP BY t.endpoint, t.rule, t.criteria, p.population
