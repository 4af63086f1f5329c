SELECT
    unit,
    denominator AS n,
    deaths AS count,
    percent AS pct
FROM marts.mortality_30_day
