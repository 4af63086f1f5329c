SELECT
    term,
    denominator AS n,
    procedures AS count,
    percent AS pct
FROM marts.side_effects
