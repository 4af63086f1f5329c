SELECT
    endpoint,
    criteria,
    stratification,
    cause,
    p_value
FROM marts.cumulative_incidence_comparison
