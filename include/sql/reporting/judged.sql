-- What each rule said of the latest loads, latest first.
SELECT
    l.load_id,
    l.source,
    l.feed,
    l.batch_date,
    l.state,
    l.finished_at,
    v.rule_id,
    v.severity,
    v.rows_checked,
    v.rows_failed,
    v.status
FROM (
    SELECT *
    FROM ops.file_state
    WHERE finished_at IS NOT NULL AND load_id IN (SELECT load_id FROM ops.validation_result)
    ORDER BY finished_at DESC, load_id ASC
    LIMIT :most
) AS l
INNER JOIN ops.validation_result AS v ON l.load_id = v.load_id
ORDER BY l.finished_at DESC, l.load_id ASC, v.rule_id ASC
