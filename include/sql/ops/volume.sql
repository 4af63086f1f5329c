-- What each extract of a feed held against the same weekday's last eight extracts. A file that is held counts for its
-- day, but such a day is nothing to measure others by; neither is a day without rows, which is a quiet one. What a
-- person withdrew was not delivered.
WITH
extract_of_day AS (
    SELECT
        site,
        source,
        feed,
        batch_date,
        CAST(EXTRACT(ISODOW FROM batch_date) AS BIGINT) AS weekday,
        CAST(COALESCE(SUM(rows_received), 0) AS BIGINT) AS rows_received,
        MAX(CASE WHEN state = 'held' THEN 1 ELSE 0 END) = 0 AND COALESCE(SUM(rows_received), 0) > 0 AS is_measure,
        MAX(CASE WHEN state = 'held' THEN 1 ELSE 0 END) = 0 AND COALESCE(SUM(rows_received), 0) = 0 AS is_quiet
    FROM ops.standing_file
    WHERE state IN ('loaded', 'held') AND withdraws = ''
    GROUP BY site, source, feed, batch_date
),

numbered AS (
    SELECT
        *,
        SUM(CASE WHEN is_measure THEN 1 ELSE 0 END)
            OVER (PARTITION BY site, source, feed, weekday ORDER BY batch_date ASC) AS measures_so_far
    FROM extract_of_day
),

expected AS (
    SELECT
        n.site,
        n.source,
        n.feed,
        n.batch_date,
        COUNT(earlier.batch_date) AS earlier_extracts,
        PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CAST(earlier.rows_received AS DOUBLE PRECISION)) AS median_rows
    FROM numbered AS n
    CROSS JOIN (VALUES (0), (1), (2), (3), (4), (5), (6), (7)) AS back (extracts)
    LEFT JOIN numbered AS earlier
        ON
            n.site = earlier.site
            AND n.source = earlier.source
            AND n.feed = earlier.feed
            AND n.weekday = earlier.weekday
            AND n.measures_so_far - CASE WHEN n.is_measure THEN 1 ELSE 0 END - back.extracts = earlier.measures_so_far
            AND earlier.is_measure
    GROUP BY n.site, n.source, n.feed, n.batch_date
)

SELECT
    d.site,
    d.source,
    d.feed,
    d.batch_date,
    d.weekday,
    d.rows_received,
    e.earlier_extracts,
    e.median_rows,
    d.rows_received / NULLIF(e.median_rows, 0) AS ratio,
    t.low,
    t.high,
    CASE
        WHEN d.is_quiet OR e.earlier_extracts < COALESCE(t.minimum_rows, 1) THEN NULL
        ELSE
            d.rows_received >= COALESCE(t.low * e.median_rows, 0)
            AND d.rows_received <= COALESCE(t.high * e.median_rows, d.rows_received)
    END AS in_band
FROM extract_of_day AS d
INNER JOIN expected AS e
    ON d.site = e.site AND d.source = e.source AND d.feed = e.feed AND d.batch_date = e.batch_date
LEFT JOIN reference.threshold_in_force AS t ON t.kind = 'volume_band' AND d.feed = t.feed
