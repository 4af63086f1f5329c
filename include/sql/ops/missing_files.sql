SELECT
    site,
    feed,
    code,
    COUNT(*) AS files
FROM ops.not_pulled
WHERE is_missing AND (CAST(:source AS TEXT) IS NULL OR source IS NULL OR source = :source)
GROUP BY site, feed, code
ORDER BY site ASC NULLS LAST, feed ASC NULLS LAST, code ASC
