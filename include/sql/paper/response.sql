SELECT
    assessment,
    stratum,
    response,
    denominator AS n,
    patients AS count,
    percent AS pct
FROM marts.response_rate
WHERE criteria = 'mrecist' AND denominator_kind = 'evaluable' AND stratification IN ('all', 'primary')
