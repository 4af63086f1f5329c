-- How large a share of rows failed each rule in the last fourteen nights of its feed, all sites together, oldest first.
SELECT
    rule_id,
    batch_date,
    CAST(100.0 * SUM(rows_failed) / NULLIF(SUM(rows_checked), 0) AS DOUBLE PRECISION) AS percent
FROM (
    SELECT
        rule_id,
        batch_date,
        rows_failed,
        rows_checked,
        DENSE_RANK() OVER (PARTITION BY feed ORDER BY batch_date DESC) AS nights_back
    FROM marts.validation_summary
) AS ranked
WHERE nights_back <= 14
GROUP BY rule_id, batch_date
ORDER BY rule_id ASC, batch_date ASC
