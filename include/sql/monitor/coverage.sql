-- Columns that a feed fills much less than it did.
SELECT DISTINCT ON (site, source, feed, column_name)
    site,
    source,
    feed,
    column_name,
    batch_date,
    rows_received,
    filled_percent,
    GREATEST(COALESCE(usual_percent, 0), COALESCE(highest_percent, 0)) AS usual_percent
FROM ops.coverage
WHERE is_latest AND low_batch_date IS NOT NULL
ORDER BY site ASC, source ASC, feed ASC, column_name ASC, low_batch_date ASC
