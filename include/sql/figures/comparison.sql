SELECT
    endpoint,
    rule,
    stratification,
    p_value
FROM marts.survival_comparison
