-- Files of extracts that could not be copied, by reason; the night is that of the extract, or else the one on which it
-- was first seen. It is the same alarm until they grow by a digit.
SELECT
    site,
    source,
    subject,
    batch_date,
    'below 1e' || LENGTH(CAST(COUNT(*) AS TEXT)) AS state,
    COUNT(*) AS files,
    STRING_AGG(DISTINCT feed, ', ' ORDER BY feed ASC) AS feeds
FROM (
    SELECT
        COALESCE(site, '') AS site,
        COALESCE(source, 'no department') AS source,
        COALESCE(feed, 'no feed') AS feed,
        code AS subject,
        COALESCE(batch_date, CAST(seen_at AS DATE)) AS batch_date
    FROM ops.not_pulled
    WHERE is_missing
) AS found
GROUP BY site, source, subject, batch_date
ORDER BY site ASC, source ASC, batch_date ASC, subject ASC
