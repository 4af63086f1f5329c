SELECT
    load_id,
    feed,
    batch_date
FROM ops.due_load
WHERE
    (CAST(:source AS TEXT) IS NULL OR source = :source)
    AND (CAST(:through AS DATE) IS NULL OR batch_date <= :through)
ORDER BY batch_date ASC, file_order ASC, delivery ASC, load_id ASC
