-- The indicators of all sites together by month, department and name, beside their targets.
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
WHERE site = 'all'
ORDER BY indicator ASC, source ASC, month ASC
