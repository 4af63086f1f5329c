SELECT
    feed,
    MAX(last_batch_date) AS last_batch_date
FROM marts.feed_freshness
GROUP BY feed
ORDER BY feed ASC
