-- What lies in no department's folder, or has no day, is looked at by every pull.
DELETE FROM ops.not_pulled
WHERE
    (CAST(:source AS TEXT) IS NULL OR source IS NULL OR source = :source)
    AND (CAST(:through AS DATE) IS NULL OR batch_date IS NULL OR batch_date <= :through)
