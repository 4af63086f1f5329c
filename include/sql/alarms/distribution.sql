-- Columns that say something else than usual in the latest month of a feed. How full they are is told by `coverage`.
SELECT
    site,
    source,
    feed,
    feed || '.' || column_name || CASE WHEN code <> '' THEN ' ' || code ELSE '' END || ', ' || measure AS subject,
    month AS batch_date,
    CASE WHEN value < usual_value THEN 'low' ELSE 'high' END AS state,
    measure,
    value,
    usual_value,
    earlier_months
FROM ops.distribution
WHERE is_latest AND NOT in_band
ORDER BY site ASC, source ASC, feed ASC, column_name ASC, code ASC, measure ASC
