SELECT
    endpoint,
    criteria,
    stratification,
    stratum,
    cause,
    months,
    cif,
    ci_low,
    ci_high
FROM marts.cumulative_incidence
