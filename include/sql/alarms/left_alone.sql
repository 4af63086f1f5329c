-- What lies among the extracts and is none, by reason; the night is the one on which it was first seen.
-- It is the same alarm until they grow by a digit.
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
        CAST(seen_at AS DATE) AS batch_date
    FROM ops.not_pulled
    WHERE NOT is_missing
) AS found
GROUP BY site, source, subject, batch_date
ORDER BY site ASC, source ASC, batch_date ASC, subject ASC
