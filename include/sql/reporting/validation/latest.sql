-- The latest night of which something came, be it a file that could not be copied.
SELECT MAX(batch_date) AS batch_date
FROM (
    SELECT batch_date
    FROM received.file
    UNION ALL
    SELECT batch_date
    FROM ops.not_pulled
    WHERE is_missing
) AS night
