-- What became of the rows of the last thirty nights, the latest first.
SELECT
    batch_date,
    COUNT(*) AS files,
    COUNT(*) FILTER (WHERE state = 'held') AS files_held,
    CAST(COALESCE(SUM(rows_received), 0) AS BIGINT) AS received,
    CAST(COALESCE(SUM(rows_loaded + rows_updated), 0) AS BIGINT) AS changed,
    CAST(COALESCE(SUM(rows_unchanged), 0) AS BIGINT) AS unchanged,
    CAST(COALESCE(SUM(rows_quarantined), 0) AS BIGINT) AS quarantined,
    CAST(COALESCE(SUM(rows_waiting), 0) AS BIGINT) AS waiting
FROM ops.standing_load
WHERE state <> 'rejected'
GROUP BY batch_date
ORDER BY batch_date DESC
LIMIT 30
