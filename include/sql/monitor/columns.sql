-- Each watched column by site and analyte: its latest month in which something is told, how full it is there, and how
-- many of the months shown are unusual in something.
SELECT
    u.site,
    u.source,
    u.feed,
    u.column_name,
    u.analyte,
    MAX(u.small_cell) AS small_cell,
    MAX(CASE WHEN u.state <> 'withheld' THEN u.month END) AS month,
    COUNT(DISTINCT CASE WHEN u.state IN ('low', 'high') THEN u.month END) AS months_unusual,
    COUNT(DISTINCT CASE WHEN u.state IN ('low', 'high', 'usual') THEN u.month END) AS months_judged,
    MAX(CASE WHEN u.state IN ('low', 'high') THEN u.month END) AS last_unusual
FROM marts.column_usual AS u
GROUP BY u.site, u.source, u.feed, u.column_name, u.analyte
ORDER BY last_unusual DESC NULLS LAST, u.site ASC, u.source ASC, u.feed ASC, u.column_name ASC, u.analyte ASC
