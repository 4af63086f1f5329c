SELECT DISTINCT c.load_id
FROM chosen_record AS c
WHERE
    c.feed = '{{ feed }}'
    AND NOT EXISTS (
        SELECT 1
        FROM clinical.{{ feed }} AS v
        WHERE v.load_id = c.load_id AND v.row_number = c.row_number
    )
ORDER BY c.load_id ASC
