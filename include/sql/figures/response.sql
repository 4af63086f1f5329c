SELECT
    assessment,
    criteria,
    response,
    patients,
    denominator,
    ci_low,
    ci_high,
    percent
FROM marts.response_rate
WHERE stratification = 'all' AND denominator_kind = 'treated'
ORDER BY assessment ASC, criteria ASC, sort_order ASC
