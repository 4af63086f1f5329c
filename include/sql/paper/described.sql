SELECT
    characteristic,
    n,
    mean,
    sd,
    median,
    min,
    max
FROM marts.baseline_characteristics
WHERE category = 'all'
