SELECT
    q.*,
    l.batch_date,
    l.file_name
FROM quarantine.record AS q
INNER JOIN ops.load AS l ON q.load_id = l.load_id
WHERE q.load_id = :load_id AND q.row_number = :row_number
