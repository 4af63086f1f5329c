SELECT
    characteristic,
    category,
    denominator AS n,
    n AS count,
    percent AS pct
FROM marts.baseline_characteristics
