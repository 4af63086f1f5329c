-- How long rules took when they were asked last: those of a feed's rows together (`<feed>.*`), one across feeds by
-- itself; the longest first.
SELECT
    rule_id,
    SPLIT_PART(rule_id, '.', 1) AS feed,
    rules,
    rows_judged,
    patients_judged,
    judged_seconds,
    judged_at
FROM ops.rule_time
WHERE CAST(:rule_id AS TEXT) IS NULL OR rule_id = :rule_id
ORDER BY judged_seconds DESC, rule_id ASC
