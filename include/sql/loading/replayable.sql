SELECT l.load_id
FROM ops.load AS l
WHERE
    l.load_id IN (
        SELECT c.load_id
        FROM chosen_record AS c
        WHERE
            c.feed = '{{ feed }}'
            AND NOT EXISTS (
                SELECT 1
                FROM clinical.{{ feed }} AS v
                WHERE v.load_id = c.load_id AND v.row_number = c.row_number
            )
    )
ORDER BY l.batch_date ASC, l.file_order ASC, l.delivery ASC, l.load_id ASC
