SELECT COUNT(*)
FROM chosen_record AS c
INNER JOIN clinical.patients AS v ON c.load_id = v.load_id AND c.row_number = v.row_number
WHERE c.feed = 'patients'
