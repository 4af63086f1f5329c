{% from 'decisions/selected.sql' import aside with context %}
-- A row in quarantine, or one in the record that has cells there.
SELECT
    q.load_id,
    q.source,
    q.feed,
    l.batch_date,
    l.file_name,
    q.row_number,
    q.record_key,
    q.patient_id,
    q.state,
    q.rule_ids,
    q.payload,
    q.reason,
    q.decided_by,
    q.decided_at
FROM (
    {{ aside() }}
) AS q
INNER JOIN received.file AS l ON q.load_id = l.load_id
WHERE q.load_id = :load_id AND q.row_number = :row_number
ORDER BY q.column_name ASC
LIMIT 1
