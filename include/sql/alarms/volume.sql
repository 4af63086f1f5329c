-- Feeds whose latest extract is unusually small or large.
SELECT
    v.site,
    v.source,
    v.feed,
    v.feed AS subject,
    v.batch_date,
    CASE WHEN v.ratio < 1 THEN 'low' ELSE 'high' END AS state,
    v.rows_received,
    v.median_rows,
    v.ratio,
    v.low,
    v.high
FROM ops.volume AS v
INNER JOIN (
    SELECT
        site,
        source,
        feed,
        MAX(batch_date) AS batch_date
    FROM ops.volume
    GROUP BY site, source, feed
) AS latest
    ON
        v.site = latest.site
        AND v.source = latest.source
        AND v.feed = latest.feed
        AND v.batch_date = latest.batch_date
WHERE NOT v.in_band
ORDER BY v.site ASC, v.source ASC, v.feed ASC
