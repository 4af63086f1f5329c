-- Codes and units that no list knows, be their rows set aside or not: the latest extract of a feed that has any, among
-- those of its latest thirty days, for the next one may have none of them.
SELECT
    site,
    source,
    feed,
    feed AS subject,
    batch_date,
    CAST(unmapped_codes + unmapped_units AS TEXT) AS state,
    unmapped_codes,
    unmapped_units
FROM (
    SELECT
        i.*,
        ROW_NUMBER() OVER (PARTITION BY i.site, i.source, i.feed ORDER BY i.batch_date DESC) AS age
    FROM marts.intake AS i
    INNER JOIN (
        SELECT
            site,
            feed,
            MAX(batch_date) - 30 AS before_day
        FROM marts.intake
        GROUP BY site, feed
    ) AS d ON i.site = d.site AND i.feed = d.feed AND i.batch_date > d.before_day
    WHERE i.site <> '' AND i.unmapped_codes + i.unmapped_units > 0
) AS told
WHERE age = 1
ORDER BY site ASC, source ASC, feed ASC
