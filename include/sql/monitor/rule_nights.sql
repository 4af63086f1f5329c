-- What a rule said in the last thirty nights of its feed, all sites together, oldest first.
SELECT
    batch_date,
    rows_checked,
    rows_failed,
    rows_overridden,
    CAST(100.0 * rows_failed / NULLIF(rows_checked, 0) AS DOUBLE PRECISION) AS percent
FROM (
    SELECT
        batch_date,
        CAST(SUM(rows_checked) AS BIGINT) AS rows_checked,
        CAST(SUM(rows_failed) AS BIGINT) AS rows_failed,
        CAST(SUM(rows_overridden) AS BIGINT) AS rows_overridden
    FROM marts.validation_summary
    WHERE rule_id = :rule_id
    GROUP BY batch_date
    ORDER BY batch_date DESC
    LIMIT 30
) AS night
ORDER BY batch_date ASC
