SELECT
    q.load_id,
    q.row_number,
    l.batch_date,
    q.source,
    q.feed,
    q.column_name,
    q.record_key,
    q.patient_id,
    q.state,
    q.rule_ids,
    q.decided_by,
    q.reason
FROM quarantine.cell AS q
INNER JOIN ops.load AS l ON q.load_id = l.load_id
WHERE
    (CAST(:state AS TEXT) IS NULL OR q.state = :state)
    AND (CAST(:load_id AS TEXT) IS NULL OR q.load_id = :load_id)
    AND (CAST(:row_number AS BIGINT) IS NULL OR q.row_number = :row_number)
    AND (CAST(:source AS TEXT) IS NULL OR q.source = :source)
    AND (CAST(:feed AS TEXT) IS NULL OR q.feed = :feed)
    AND (CAST(:rule_id AS TEXT) IS NULL OR STRPOS(',' || q.rule_ids || ',', ',' || CAST(:rule_id AS TEXT) || ',') > 0)
    AND (CAST(:record_key AS TEXT) IS NULL OR q.record_key = :record_key)
ORDER BY l.batch_date DESC, q.load_id ASC, q.row_number ASC, q.column_name ASC
LIMIT :most OFFSET :skipped
