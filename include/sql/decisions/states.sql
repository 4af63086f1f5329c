SELECT
    q.state,
    COUNT(*) AS record_count
FROM chosen_record AS c
INNER JOIN quarantine.record AS q ON c.load_id = q.load_id AND c.row_number = q.row_number
GROUP BY q.state
ORDER BY q.state ASC
