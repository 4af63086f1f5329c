SELECT COUNT(*) AS files
FROM ops.load
WHERE state <> 'superseded' AND batch_date = :day
