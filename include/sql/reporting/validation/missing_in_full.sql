-- What the latest full export of a site has not, until it is withdrawn or comes back.
SELECT
    site,
    source,
    feed,
    export,
    batch_date,
    load_id,
    missing_keys
FROM ops.missing_in_full
ORDER BY site ASC, source ASC, feed ASC, export ASC
