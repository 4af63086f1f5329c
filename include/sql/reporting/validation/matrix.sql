-- The rules in force by what they check (category) and against what (context), and the worst that each said that night;
-- those across feeds by what they say of the record.
WITH said AS (
    SELECT
        rule_id,
        MAX(
            CASE status WHEN 'error' THEN 4 WHEN 'fail' THEN 3 WHEN 'pass_with_failures' THEN 2 WHEN 'pass' THEN 1 END
        ) AS worst
    FROM (
        SELECT
            rule_id,
            status
        FROM marts.validation_summary
        WHERE batch_date = CAST(:day AS DATE)
        UNION ALL
        SELECT
            rule_id,
            status
        FROM marts.cross_feed_summary
    ) AS every_rule
    GROUP BY rule_id
)

SELECT
    r.category,
    r.context,
    COUNT(*) AS rules,
    COUNT(*) FILTER (WHERE s.worst = 1) AS passed,
    COUNT(*) FILTER (WHERE s.worst = 2) AS passed_with_failures,
    COUNT(*) FILTER (WHERE s.worst = 3) AS failed,
    COUNT(*) FILTER (WHERE s.worst = 4) AS not_evaluated,
    COUNT(*) FILTER (WHERE s.worst IS NULL) AS not_applicable
FROM reference.rule AS r
LEFT JOIN said AS s ON r.rule_id = s.rule_id
WHERE r.retired_version IS NULL
GROUP BY r.category, r.context
ORDER BY r.category ASC, r.context ASC
