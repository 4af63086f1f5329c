SELECT
    feed,
    code,
    COUNT(*) AS files
FROM ops.not_pulled
WHERE is_missing AND (CAST(:source AS TEXT) IS NULL OR source IS NULL OR source = :source)
GROUP BY feed, code
ORDER BY feed ASC NULLS LAST, code ASC
