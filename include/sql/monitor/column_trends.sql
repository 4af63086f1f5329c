-- What each column said in the latest thirteen months of its feed, oldest first.
SELECT
    site,
    feed,
    column_name,
    code,
    measure,
    value
FROM (
    SELECT
        *,
        DENSE_RANK() OVER (PARTITION BY site, feed ORDER BY month DESC) AS months_back
    FROM marts.column_distribution
) AS ranked
WHERE
    months_back <= 13
    AND (CAST(:feed AS TEXT) IS NULL OR feed = :feed)
    AND (CAST(:site AS TEXT) IS NULL OR site = :site)
ORDER BY site ASC, feed ASC, column_name ASC, code ASC, measure ASC, month ASC
