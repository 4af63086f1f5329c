-- The last thirty nights, latest first, and when something last happened to a file of each.
SELECT
    batch_date,
    MAX(changed_at) AS changed_at
FROM (
    SELECT
        batch_date,
        COALESCE(finished_at, received_at) AS changed_at
    FROM ops.file_state
    WHERE state <> 'superseded'
    UNION ALL
    SELECT
        batch_date,
        seen_at AS changed_at
    FROM ops.not_pulled
    WHERE is_missing AND batch_date IS NOT NULL
) AS happened
GROUP BY batch_date
ORDER BY batch_date DESC
LIMIT 30
