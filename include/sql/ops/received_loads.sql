-- What was in the record before facts were kept is received again as a whole: a part of it is no record.
SELECT
    load_id,
    feed,
    batch_date
FROM ops.due_load
WHERE
    (
        (CAST(:source AS TEXT) IS NULL OR source = :source)
        AND (CAST(:through AS DATE) IS NULL OR batch_date <= :through)
    )
    OR load_id IN (SELECT b.load_id FROM received.loaded_before AS b)
ORDER BY batch_date ASC, file_order ASC, delivery ASC, load_id ASC
