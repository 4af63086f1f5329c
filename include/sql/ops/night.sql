SELECT COUNT(*) AS files
FROM (
    SELECT batch_date
    FROM ops.load
    WHERE state <> 'superseded'
    UNION ALL
    SELECT batch_date
    FROM ops.not_pulled
    WHERE is_missing
) AS delivered
WHERE batch_date = :day
