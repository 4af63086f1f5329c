-- Rows that count although what they are part of is withdrawn. It is the same alarm until there are others.
SELECT
    site,
    source,
    feed,
    feed AS subject,
    MAX(batch_date) AS batch_date,
    CAST(COUNT(*) AS TEXT) AS state,
    COUNT(*) AS parts
FROM ops.withdrawn_whole
GROUP BY site, source, feed
ORDER BY site ASC, source ASC, feed ASC
