-- Rows whose patient's announcement is withdrawn. It is the same alarm until they grow by a digit.
SELECT
    site,
    source,
    feed,
    feed AS subject,
    MAX(batch_date) AS batch_date,
    'below 1e' || LENGTH(CAST(COUNT(*) AS TEXT)) AS state,
    COUNT(*) AS orphans,
    COUNT(DISTINCT patient_id) AS patients
FROM ops.orphan
GROUP BY site, source, feed
ORDER BY site ASC, source ASC, feed ASC
