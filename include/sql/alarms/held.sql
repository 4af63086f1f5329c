-- Files that wait for a person. One file is one alarm, however many rules it fails.
SELECT
    l.site,
    l.source,
    l.feed,
    l.load_id AS subject,
    l.batch_date,
    l.reason_code AS state,
    l.reason,
    CAST(FLOOR(EXTRACT(EPOCH FROM l.finished_at)) AS BIGINT) AS finished_second,
    l.rows_received,
    v.rule_id,
    v.rows_failed,
    v.rows_checked
FROM ops.file_state AS l
LEFT JOIN ops.validation_result AS v
    ON l.load_id = v.load_id AND v.severity = 'critical' AND v.rows_failed > 0
WHERE l.state = 'held' AND l.reason_code NOT IN ('REG-301', 'REG-303', 'REG-306', 'REG-312')
ORDER BY l.site ASC, l.source ASC, l.feed ASC, l.batch_date ASC, l.load_id ASC, v.rows_failed DESC, v.rule_id ASC
