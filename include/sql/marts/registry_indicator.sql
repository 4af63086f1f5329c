-- Indicators by month of the extract, for each site and department and all together, against the targets in force. What
-- came without a site is among all of them alone.
WITH
counted AS (
    SELECT
        CAST(DATE_TRUNC('month', batch_date) AS DATE) AS month,
        site,
        source,
        feed,
        kind,
        indicator,
        SUM(numerator) AS numerator,
        SUM(denominator) AS denominator
    FROM ops.indicator_count
    GROUP BY CAST(DATE_TRUNC('month', batch_date) AS DATE), site, source, feed, kind, indicator
),

judged AS (
    SELECT
        c.*,
        t.low,
        t.high
    FROM (
        SELECT * FROM counted
        UNION ALL
        SELECT
            month,
            site,
            source,
            feed,
            kind,
            kind AS indicator,
            numerator,
            denominator
        FROM counted
        WHERE kind = 'completeness'
    ) AS c
    LEFT JOIN reference.threshold_in_force AS t ON c.kind = t.kind AND c.feed = t.feed
),

summed AS (
    SELECT
        month,
        site,
        source,
        kind,
        indicator,
        CAST(SUM(numerator) AS BIGINT) AS numerator,
        CAST(SUM(denominator) AS BIGINT) AS denominator,
        MAX(low) AS target_low,
        MIN(high) AS target_high
    FROM judged
    GROUP BY
        GROUPING SETS (
            (month, site, source, kind, indicator),
            (month, site, kind, indicator),
            (month, source, kind, indicator),
            (month, kind, indicator)
        )
    HAVING site IS NULL OR site <> ''
),

measured AS (
    SELECT
        *,
        CASE WHEN kind = 'duplicates' THEN '/1000' ELSE '%' END AS unit,
        CASE WHEN kind = 'duplicates' THEN 1000.0 ELSE 100.0 END * numerator / NULLIF(denominator, 0) AS value
    FROM summed
)

SELECT
    month,
    COALESCE(site, 'all') AS site,
    COALESCE(source, 'all') AS source,
    indicator,
    numerator,
    denominator,
    value,
    unit,
    target_low,
    target_high,
    CASE
        WHEN COALESCE(target_low, target_high) IS NOT NULL
            THEN value >= COALESCE(target_low, value) AND value <= COALESCE(target_high, value)
    END AS meets_target
FROM measured
