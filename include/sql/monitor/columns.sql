-- Watched columns by site and analyte: the latest month in which something is told, and how many of the months shown
-- are unusual in something.
SELECT
    u.site,
    u.source,
    u.feed,
    u.column_name,
    u.analyte,
    MAX(u.small_cell) AS small_cell,
    MAX(CASE WHEN u.denominator > 0 THEN u.month END) AS month,
    COUNT(DISTINCT CASE WHEN u.state IN ('low', 'high') THEN u.month END) AS months_unusual,
    COUNT(DISTINCT CASE WHEN u.state IN ('low', 'high', 'usual') THEN u.month END) AS months_judged,
    MAX(CASE WHEN u.state IN ('low', 'high') THEN u.month END) AS last_unusual,
    COUNT(*) OVER () AS total
FROM marts.column_usual AS u
WHERE
    (CAST(:feed AS TEXT) IS NULL OR u.feed = :feed)
    AND (CAST(:site AS TEXT) IS NULL OR u.site = :site)
GROUP BY u.site, u.source, u.feed, u.column_name, u.analyte
ORDER BY last_unusual DESC NULLS LAST, u.site ASC, u.source ASC, u.feed ASC, u.column_name ASC, u.analyte ASC
LIMIT :most OFFSET :skipped
