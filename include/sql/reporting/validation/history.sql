-- How large a share of rows failed each rule in the feed's last nights, that night last.
SELECT
    feed,
    rule_id,
    batch_date,
    rows_failed,
    percent
FROM (
    SELECT
        *,
        DENSE_RANK() OVER (PARTITION BY feed ORDER BY batch_date DESC) AS nights_back
    FROM marts.validation_summary
    WHERE batch_date <= CAST(:day AS DATE)
) AS ranked
WHERE nights_back <= 14
ORDER BY feed ASC, rule_id ASC, batch_date ASC, severity ASC
