-- Columns that the latest extract of a feed fills much less than the ones before it did.
SELECT
    site,
    source,
    feed,
    column_name,
    batch_date,
    rows_received,
    filled_percent,
    usual_percent
FROM ops.coverage
WHERE is_latest AND NOT in_band
ORDER BY site ASC, source ASC, feed ASC, column_name ASC
