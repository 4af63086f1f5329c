SELECT
    l.source,
    l.feed,
    l.batch_date,
    l.file_name,
    l.delivery,
    l.fingerprint,
    l.sha256
FROM ops.load AS l
INNER JOIN (
    SELECT
        feed,
        batch_date,
        file_name,
        MAX(delivery) AS delivery
    FROM ops.load
    GROUP BY feed, batch_date, file_name
) AS latest
    ON
        l.feed = latest.feed
        AND l.batch_date = latest.batch_date
        AND l.file_name = latest.file_name
        AND l.delivery = latest.delivery
