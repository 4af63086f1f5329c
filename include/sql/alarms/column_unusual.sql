-- Columns that say something else than usual in one of the latest months of their feed: how many of their shares and
-- medians are away from the usual one, by what marts tell.
SELECT
    u.site,
    u.source,
    u.feed,
    u.feed || '.' || u.column_name AS subject,
    u.month AS batch_date,
    'unusual' AS state,
    u.column_name,
    SUM(CASE WHEN u.measure = 'filled' THEN 1 ELSE 0 END) AS filled_unusual,
    SUM(CASE WHEN u.measure = 'code' THEN 1 ELSE 0 END) AS codes_unusual,
    SUM(CASE WHEN u.measure = 'median' THEN 1 ELSE 0 END) AS medians_unusual
FROM marts.column_usual AS u
INNER JOIN (
    SELECT
        site,
        feed,
        MAX(month) AS last_month
    FROM marts.column_usual
    WHERE state <> 'not_over'
    GROUP BY site, feed
) AS l ON u.site = l.site AND u.feed = l.feed
CROSS JOIN (SELECT MAX(value) AS months FROM reference.setting WHERE name = 'column_alarm_months') AS s
WHERE u.state IN ('low', 'high') AND u.month > l.last_month - s.months * INTERVAL '1' MONTH
GROUP BY u.site, u.source, u.feed, u.column_name, u.month
ORDER BY u.site ASC, u.source ASC, u.feed ASC, u.column_name ASC, u.month ASC
