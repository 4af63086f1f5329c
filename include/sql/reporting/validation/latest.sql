SELECT MAX(batch_date) AS batch_date
FROM ops.load
WHERE state <> 'superseded'
