-- The indicators of all sites together by month, department and name, beside their targets; with a day those of the
-- thirteen months up to it in which there is something to count.
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
    meets_target,
    small_cell
FROM marts.registry_indicator
WHERE
    site = 'all'
    AND (
        CAST(:day AS DATE) IS NULL
        OR (month <= CAST(:day AS DATE) AND month > CAST(:day AS DATE) - INTERVAL '13' MONTH AND denominator > 0)
    )
ORDER BY indicator ASC, source ASC, month ASC
