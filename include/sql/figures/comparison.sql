SELECT
    endpoint,
    rule,
    entry,
    stratification,
    p_value
FROM marts.survival_comparison
WHERE criteria IN ('none', 'mrecist')
