SELECT
    unit,
    denominator AS n,
    treatment_related_deaths AS count,
    treatment_related_percent AS pct
FROM marts.mortality_30_day
