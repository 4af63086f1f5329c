SELECT
    load_id,
    feed,
    site,
    export,
    batch_date,
    latest_load_id
FROM (
    SELECT
        f.load_id,
        f.feed,
        f.site,
        f.export,
        f.batch_date,
        FIRST_VALUE(f.load_id) OVER (
            PARTITION BY f.site, f.feed, f.export, f.batch_date, f.file_name ORDER BY f.delivery DESC, f.load_id DESC
        ) AS latest_load_id
    FROM received.file AS f
    INNER JOIN received.standing_reading AS s ON f.load_id = s.load_id AND s.outcome = 'received'
    WHERE f.is_full
) AS content
WHERE load_id <> latest_load_id
