-- What each rule said of each day's delivery; a file that a later one replaced no longer counts.
WITH judged AS (
    SELECT
        l.site,
        l.source,
        l.feed,
        l.batch_date,
        v.rule_id,
        v.severity,
        CAST(SUM(v.rows_checked) AS BIGINT) AS rows_checked,
        CAST(SUM(v.rows_failed) AS BIGINT) AS rows_failed,
        CAST(SUM(v.rows_overridden) AS BIGINT) AS rows_overridden,
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
    INNER JOIN ops.standing_load AS l ON v.load_id = l.load_id
    GROUP BY l.site, l.source, l.feed, l.batch_date, v.rule_id, v.severity
)

SELECT
    j.site,
    j.source,
    j.feed,
    j.batch_date,
    j.rule_id,
    j.severity,
    j.rows_checked,
    j.rows_failed,
    j.rows_overridden,
    100.0 * j.rows_failed / NULLIF(j.rows_checked, 0) AS percent,
    CASE j.worst
        WHEN 4 THEN 'error'
        WHEN 3 THEN 'fail'
        WHEN 2 THEN 'pass_with_failures'
        WHEN 1 THEN 'pass'
        ELSE 'not_applicable'
    END AS status,
    t.high AS threshold_percent,
    CASE
        WHEN j.worst = 4 THEN FALSE
        WHEN j.rows_failed = 0 AND j.rows_checked > 0 THEN TRUE
        WHEN j.rows_checked >= COALESCE(t.minimum_rows, 1)
            THEN 100.0 * j.rows_failed <= COALESCE(t.high, 100) * j.rows_checked
    END AS in_order
FROM judged AS j
LEFT JOIN reference.threshold_in_force AS t ON t.kind = 'failing_' || j.severity AND j.feed = t.feed
