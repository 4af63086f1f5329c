-- In what share of a day's rows a column is filled, against the eight extracts before it that had rows.
WITH
day_of AS (
    SELECT
        l.site,
        l.source,
        l.feed,
        l.batch_date,
        c.column_name,
        CAST(SUM(l.rows_received) AS BIGINT) AS rows_received,
        CAST(SUM(c.rows_filled) AS BIGINT) AS rows_filled
    FROM ops.standing_file AS l
    INNER JOIN received.standing_reading AS r ON l.load_id = r.load_id
    INNER JOIN received.filled AS c ON r.load_id = c.load_id AND r.reading = c.reading
    WHERE l.state = 'loaded' AND l.rows_received > 0
    GROUP BY l.site, l.source, l.feed, l.batch_date, c.column_name
),

compared AS (
    SELECT
        *,
        COUNT(*) OVER before_it AS earlier_extracts,
        SUM(rows_received) OVER before_it AS usual_rows,
        SUM(rows_filled) OVER before_it AS usual_filled,
        ROW_NUMBER() OVER (PARTITION BY site, feed, column_name ORDER BY batch_date DESC) = 1 AS is_latest
    FROM day_of
    WINDOW before_it AS (
        PARTITION BY site, feed, column_name ORDER BY batch_date ASC ROWS BETWEEN 8 PRECEDING AND 1 PRECEDING
    )
)

SELECT
    d.site,
    d.source,
    d.feed,
    d.batch_date,
    d.column_name,
    d.is_latest,
    d.rows_received,
    d.rows_filled,
    100.0 * d.rows_filled / d.rows_received AS filled_percent,
    100.0 * d.usual_filled / d.usual_rows AS usual_percent,
    t.low,
    CASE
        WHEN d.earlier_extracts < 3 OR d.rows_received < COALESCE(t.minimum_rows, 1) THEN NULL
        ELSE
            CAST(d.rows_filled AS DOUBLE PRECISION) * d.usual_rows * 100
            >= COALESCE(t.low, 0) * CAST(d.usual_filled AS DOUBLE PRECISION) * d.rows_received
    END AS in_band
FROM compared AS d
LEFT JOIN reference.threshold_in_force AS t ON t.kind = 'coverage' AND d.feed = t.feed
