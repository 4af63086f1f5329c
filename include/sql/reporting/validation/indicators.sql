-- The indicators of the last thirteen months, all sites together.
SELECT
    month,
    source,
    indicator,
    numerator,
    denominator,
    value,
    unit,
    target_low,
    target_high,
    meets_target
FROM marts.registry_indicator
WHERE
    site = 'all'
    AND month <= CAST(:day AS DATE)
    AND month > CAST(:day AS DATE) - INTERVAL '13' MONTH
    AND denominator > 0
ORDER BY indicator ASC, source ASC, month ASC
