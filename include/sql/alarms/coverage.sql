-- Columns that a feed fills much less than it did: one alarm from the first such extract on, until one is in order.
SELECT DISTINCT ON (site, source, feed, column_name)
    site,
    source,
    feed,
    feed || '.' || column_name AS subject,
    low_batch_date AS batch_date,
    'low' AS state,
    rows_received,
    filled_percent,
    recent_percent,
    GREATEST(COALESCE(usual_percent, 0), COALESCE(highest_percent, 0)) AS usual_percent
FROM ops.coverage
WHERE is_latest AND low_batch_date IS NOT NULL
ORDER BY site ASC, source ASC, feed ASC, column_name ASC, low_batch_date ASC
