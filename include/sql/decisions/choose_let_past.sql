INSERT INTO chosen_record (load_id, row_number, feed, record_key)
SELECT DISTINCT
    p.load_id,
    p.row_number,
    p.feed,
    p.record_key
FROM let_past AS p
WHERE
    p.feed = '{{ feed }}'
    AND EXISTS (
        SELECT 1
        FROM clinical.{{ feed }} AS v
        WHERE v.load_id = p.load_id AND v.row_number = p.row_number
    )
    AND NOT EXISTS (
        SELECT 1
        FROM chosen_record AS c
        WHERE c.load_id = p.load_id AND c.row_number = p.row_number
    )
