SELECT
    endpoint,
    criteria,
    stratification,
    stratum,
    cause,
    time_months,
    n_at_risk AS at_risk,
    censored,
    cif,
    ci_low,
    ci_high
FROM marts.cumulative_incidence_curve
ORDER BY endpoint ASC, criteria ASC, stratification ASC, stratum ASC, cause ASC, time_months ASC
