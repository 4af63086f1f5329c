-- Rows of a kind that no feed of the profile takes, in the extracts of the latest thirty days of a feed: each of these
-- days, for a message is sent once.
SELECT
    l.site,
    l.source,
    l.feed,
    l.feed AS subject,
    l.batch_date,
    CAST(SUM(o.rows) AS TEXT) AS state,
    SUM(o.rows) AS rows_unknown
FROM ops.standing_file AS l
INNER JOIN (
    SELECT
        site,
        feed,
        MAX(batch_date) - 30 AS before_day
    FROM ops.standing_file
    GROUP BY site, feed
) AS d ON l.site = d.site AND l.feed = d.feed AND l.batch_date > d.before_day
INNER JOIN received.standing_reading AS r ON l.load_id = r.load_id
INNER JOIN received.left_out AS o ON r.load_id = o.load_id AND r.reading = o.reading AND o.reason LIKE 'unknown_rows%'
GROUP BY l.site, l.source, l.feed, l.batch_date
ORDER BY l.site ASC, l.source ASC, l.feed ASC, l.batch_date ASC
