-- Feeds whose latest extract is unusually small or large.
SELECT
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
        source,
        feed,
        MAX(batch_date) AS batch_date
    FROM ops.volume
    GROUP BY source, feed
) AS latest ON v.source = latest.source AND v.feed = latest.feed AND v.batch_date = latest.batch_date
WHERE NOT v.in_band
ORDER BY v.source ASC, v.feed ASC
