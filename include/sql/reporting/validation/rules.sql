-- The rules that rows failed that night, or that could not be evaluated; those out of order first.
SELECT
    s.source,
    CASE WHEN s.site = '' THEN s.feed ELSE s.site || '/' || s.feed END AS feed,
    s.rule_id,
    s.severity,
    s.rows_checked,
    s.rows_failed,
    s.rows_overridden,
    s.percent,
    s.status,
    s.threshold_percent,
    s.in_order,
    r.description,
    r.remedy
FROM marts.validation_summary AS s
LEFT JOIN reference.rule AS r ON s.rule_id = r.rule_id
WHERE s.batch_date = CAST(:day AS DATE) AND s.status IN ('error', 'fail', 'pass_with_failures')
ORDER BY
    CASE WHEN s.status = 'error' THEN 1 WHEN s.in_order THEN 3 ELSE 2 END ASC,
    CASE s.severity WHEN 'critical' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END ASC,
    s.rows_failed DESC,
    s.site ASC,
    s.feed ASC,
    s.rule_id ASC
