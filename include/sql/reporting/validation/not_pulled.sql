SELECT
    source,
    feed,
    batch_date,
    code,
    is_missing,
    COUNT(*) AS files,
    MIN(seen_at) AS seen_at
FROM ops.not_pulled
GROUP BY source, feed, batch_date, code, is_missing
ORDER BY is_missing DESC, code ASC, batch_date DESC NULLS LAST, source ASC NULLS LAST, feed ASC NULLS LAST
