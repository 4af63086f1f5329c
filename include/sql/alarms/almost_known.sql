-- Rows that wait for a patient whose id is almost that of an announced one. It is the same alarm until they grow by a
-- digit.
SELECT
    site,
    source,
    feed,
    feed AS subject,
    batch_date,
    'below 1e' || LENGTH(CAST(COUNT(*) AS TEXT)) AS state,
    COUNT(*) AS waiting_rows
FROM ops.almost_known_patient
GROUP BY site, source, feed, batch_date
ORDER BY site ASC, source ASC, feed ASC, batch_date ASC
