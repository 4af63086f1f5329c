-- What the latest full export of a site has not, until it is withdrawn or comes back. Another number is told again.
SELECT
    site,
    source,
    feed,
    load_id AS subject,
    batch_date,
    CAST(missing_keys AS TEXT) AS state,
    export,
    missing_keys
FROM ops.missing_in_full
ORDER BY site ASC, source ASC, feed ASC, export ASC
