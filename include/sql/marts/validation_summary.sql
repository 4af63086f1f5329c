-- What each rule said of each day's delivery; a file that a later one replaced no longer counts.
WITH judged AS (
    SELECT
        l.source,
        l.feed,
        l.batch_date,
        v.rule_id,
        v.severity,
        CAST(SUM(v.rows_checked) AS BIGINT) AS rows_checked,
        CAST(SUM(v.rows_failed) AS BIGINT) AS rows_failed,
        MAX(
            CASE v.status
                WHEN 'error' THEN 4
                WHEN 'fail' THEN 3
                WHEN 'pass_with_failures' THEN 2
                WHEN 'pass' THEN 1
                ELSE 0
            END
        ) AS worst
    FROM ops.validation_result AS v
    INNER JOIN ops.load AS l ON v.load_id = l.load_id
    WHERE l.state <> 'superseded'
    GROUP BY l.source, l.feed, l.batch_date, v.rule_id, v.severity
)

SELECT
    source,
    feed,
    batch_date,
    rule_id,
    severity,
    rows_checked,
    rows_failed,
    100.0 * rows_failed / NULLIF(rows_checked, 0) AS percent,
    CASE worst
        WHEN 4 THEN 'error'
        WHEN 3 THEN 'fail'
        WHEN 2 THEN 'pass_with_failures'
        WHEN 1 THEN 'pass'
        ELSE 'not_applicable'
    END AS status
FROM judged
