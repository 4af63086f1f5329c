SELECT
    effect.term,
    treated.denominator AS n,
    effect.patients AS count,
    100 * CAST(effect.patients AS DOUBLE PRECISION) / treated.denominator AS pct
FROM marts.side_effects AS effect
INNER JOIN marts.mortality_30_day AS treated ON treated.unit = 'patient'
