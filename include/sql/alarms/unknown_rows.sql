{% from 'ops/latest_day.sql' import latest_day %}
-- Rows of a kind that no feed of the profile takes, in the latest extract of a feed.
SELECT
    l.site,
    l.source,
    l.feed,
    l.feed AS subject,
    l.batch_date,
    CAST(SUM(o.rows) AS TEXT) AS state,
    SUM(o.rows) AS rows_unknown
FROM {{ latest_day('ops.standing_file') }} AS l
INNER JOIN received.standing_reading AS r ON l.load_id = r.load_id
INNER JOIN received.left_out AS o ON r.load_id = o.load_id AND r.reading = o.reading AND o.reason LIKE 'unknown_rows%'
GROUP BY l.site, l.source, l.feed, l.batch_date
ORDER BY l.site ASC, l.source ASC, l.feed ASC
