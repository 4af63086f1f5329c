SELECT
    site,
    export,
    source,
    feed,
    batch_date,
    full_load_id AS load_id,
    COUNT(*) AS missing_keys
FROM ops.missing_key
GROUP BY site, export, source, feed, batch_date, full_load_id
