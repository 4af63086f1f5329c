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
    SELECT
        load_id,
        source,
        feed,
        row_number,
        record_key,
        patient_id,
        state,
        rule_ids,
        payload,
        reason,
        decided_by,
        decided_at,
        '' AS column_name
    FROM quarantine.record
    UNION ALL
    SELECT
        load_id,
        source,
        feed,
        row_number,
        record_key,
        patient_id,
        state,
        rule_ids,
        payload,
        reason,
        decided_by,
        decided_at,
        column_name
    FROM quarantine.cell
) AS q
INNER JOIN ops.load AS l ON q.load_id = l.load_id
WHERE q.load_id = :load_id AND q.row_number = :row_number
ORDER BY q.column_name ASC
LIMIT 1
