-- Columns that the latest extract of a feed fills much less than the ones before it did.
SELECT
    site,
    source,
    feed,
    feed || '.' || column_name AS subject,
    batch_date,
    'low' AS state,
    filled_percent,
    usual_percent,
    rows_received
FROM ops.coverage
WHERE is_latest AND NOT in_band
ORDER BY site ASC, source ASC, feed ASC, column_name ASC
