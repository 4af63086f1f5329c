{% from 'ops/latest_day.sql' import latest_day %}
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
FROM {{ latest_day('ops.volume') }} AS v
WHERE NOT v.in_band
ORDER BY v.site ASC, v.source ASC, v.feed ASC
