-- How large a share of rows failed each rule in the last nights of a site's feed, that night last.
SELECT
    CASE WHEN site = '' THEN feed ELSE site || '/' || feed END AS feed,
    rule_id,
    batch_date,
    rows_failed,
    percent
FROM (
    SELECT
        *,
        DENSE_RANK() OVER (PARTITION BY site, feed ORDER BY batch_date DESC) AS nights_back
    FROM marts.validation_summary
    WHERE batch_date <= CAST(:day AS DATE)
) AS ranked
WHERE nights_back <= 14
ORDER BY site ASC, feed ASC, rule_id ASC, batch_date ASC, severity ASC
