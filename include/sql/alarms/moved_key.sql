-- Rows of the latest extract of a feed whose key was another patient's.
SELECT
    i.site,
    i.source,
    i.feed,
    i.feed AS subject,
    i.batch_date,
    CAST(i.moved_keys AS TEXT) AS state,
    i.moved_keys
FROM marts.intake AS i
INNER JOIN (
    SELECT
        site,
        source,
        feed,
        MAX(batch_date) AS batch_date
    FROM marts.intake
    GROUP BY site, source, feed
) AS latest
    ON i.site = latest.site AND i.source = latest.source AND i.feed = latest.feed AND i.batch_date = latest.batch_date
WHERE i.moved_keys > 0
ORDER BY i.site ASC, i.source ASC, i.feed ASC
