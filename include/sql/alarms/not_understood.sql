-- Codes and units that no list knows, be their rows set aside or not. The same ones come night after night, with clean
-- extracts between: it is one alarm, of the first extract that has any with no thirty days without before the next, and
-- tells of the latest. It is the same until the most of an extract grows by a digit.
SELECT
    site,
    source,
    feed,
    feed AS subject,
    since AS batch_date,
    'below 1e' || LENGTH(CAST(most AS TEXT)) AS state,
    unmapped_codes,
    unmapped_units
FROM (
    SELECT
        *,
        MAX(cells) OVER (PARTITION BY site, feed, since) AS most,
        ROW_NUMBER() OVER (PARTITION BY site, feed ORDER BY batch_date DESC) AS age
    FROM (
        SELECT
            *,
            MAX(CASE WHEN before_it IS NULL OR batch_date - before_it > 30 THEN batch_date END)
                OVER (PARTITION BY site, feed ORDER BY batch_date ASC) AS since
        FROM (
            SELECT
                site,
                source,
                feed,
                batch_date,
                unmapped_codes,
                unmapped_units,
                unmapped_codes + unmapped_units AS cells,
                LAG(batch_date) OVER (PARTITION BY site, feed ORDER BY batch_date ASC) AS before_it
            FROM marts.intake
            WHERE site <> '' AND unmapped_codes + unmapped_units > 0
        ) AS has_any
    ) AS begun
) AS told
INNER JOIN (
    SELECT
        site AS its_site,
        feed AS its_feed,
        MAX(batch_date) - 30 AS before_day
    FROM marts.intake
    GROUP BY site, feed
) AS latest ON told.site = latest.its_site AND told.feed = latest.its_feed AND told.batch_date > latest.before_day
WHERE told.age = 1
ORDER BY site ASC, source ASC, feed ASC
