{% from 'decisions/selected.sql' import selected with context %}
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
    {{ selected('q.') }}
ORDER BY l.batch_date DESC, q.load_id ASC, q.row_number ASC, q.column_name ASC
LIMIT :most OFFSET :skipped
