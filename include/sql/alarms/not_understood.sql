-- Codes and units of a site's latest extract that no list knows, be their rows set aside or not.
SELECT
    i.site,
    i.source,
    i.feed,
    i.feed AS subject,
    i.batch_date,
    CAST(i.unmapped_codes + i.unmapped_units AS TEXT) AS state,
    i.unmapped_codes,
    i.unmapped_units
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
WHERE i.site <> '' AND i.unmapped_codes + i.unmapped_units > 0
ORDER BY i.site ASC, i.source ASC, i.feed ASC
