-- Files of the day of a site's latest full export in whose place a file of another name came.
SELECT
    e.site,
    e.source,
    e.feed,
    e.load_id AS subject,
    e.batch_date,
    CAST(COUNT(*) AS TEXT) AS state,
    e.export,
    COUNT(*) AS files
FROM ops.replaced_full AS p
INNER JOIN ops.full_export AS e
    ON p.site = e.site AND p.export = e.export AND p.feed = e.feed AND p.batch_date = e.batch_date
WHERE p.is_other_file
GROUP BY e.site, e.source, e.feed, e.load_id, e.batch_date, e.export
ORDER BY e.site ASC, e.source ASC, e.feed ASC, e.export ASC
