-- The last thirty nights, latest first, and when something last happened to a file of each.
SELECT
    batch_date,
    MAX(COALESCE(finished_at, received_at)) AS changed_at
FROM ops.load
WHERE state <> 'superseded'
GROUP BY batch_date
ORDER BY batch_date DESC
LIMIT 30
