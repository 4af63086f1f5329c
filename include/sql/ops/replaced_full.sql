SELECT
    load_id,
    feed,
    site,
    export,
    batch_date,
    latest_load_id,
    is_other_file
FROM (
    SELECT
        f.load_id,
        f.feed,
        f.site,
        f.export,
        f.batch_date,
        FIRST_VALUE(f.load_id) OVER of_part AS latest_load_id,
        FIRST_VALUE(f.file_name) OVER of_part <> f.file_name AS is_other_file
    FROM received.file AS f
    INNER JOIN received.standing_reading AS s ON f.load_id = s.load_id AND s.outcome = 'received'
    WHERE f.is_full
    WINDOW
        of_part AS (
            PARTITION BY f.site, f.feed, f.export, f.batch_date, f.part
            ORDER BY f.file_order DESC, f.delivery DESC, f.load_id DESC
        )
) AS content
WHERE load_id <> latest_load_id
