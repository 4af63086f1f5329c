-- What each rule says of each file: its failing rows are counted as they are now, so it does not matter whether a
-- birth, a death or an override became known before or after them.
SELECT
    v.load_id,
    v.rule_id,
    v.severity,
    v.rows_checked,
    CASE WHEN v.level = 'file' THEN v.rows_failed ELSE COALESCE(f.failed, 0) END AS rows_failed,
    COALESCE(f.overridden, 0) AS rows_overridden,
    CASE
        WHEN v.is_broken THEN 'error'
        WHEN CASE WHEN v.level = 'file' THEN v.rows_failed ELSE COALESCE(f.failed, 0) END > 0
            THEN CASE WHEN v.severity = 'critical' THEN 'fail' ELSE 'pass_with_failures' END
        WHEN v.rows_checked > 0 THEN 'pass'
        ELSE 'not_applicable'
    END AS status
FROM received.verdict AS v
INNER JOIN received.standing_reading AS s ON v.load_id = s.load_id AND v.reading = s.reading
LEFT JOIN (
    SELECT
        load_id,
        rule_id,
        COUNT(*) FILTER (WHERE NOT is_overridden) AS failed,
        COUNT(*) FILTER (WHERE is_overridden) AS overridden
    FROM quarantine.failure
    GROUP BY load_id, rule_id
) AS f ON v.load_id = f.load_id AND v.rule_id = f.rule_id
