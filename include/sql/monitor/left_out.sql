-- What of the extracts left no row, by reason, the latest thirty days up to the latest extract of all.
SELECT
    l.site,
    l.source,
    l.feed,
    o.reason,
    CAST(SUM(o.rows) AS BIGINT) AS left_out,
    COUNT(DISTINCT l.load_id) AS files,
    MAX(l.batch_date) AS last_batch_date
FROM ops.standing_file AS l
INNER JOIN received.standing_reading AS r ON l.load_id = r.load_id
INNER JOIN received.left_out AS o ON r.load_id = o.load_id AND r.reading = o.reading
WHERE l.batch_date > (SELECT MAX(f.batch_date) FROM received.file AS f) - 30
GROUP BY l.site, l.source, l.feed, o.reason
ORDER BY l.site ASC, l.source ASC, l.feed ASC, o.reason ASC
