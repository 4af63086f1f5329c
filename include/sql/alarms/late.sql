-- Departments whose next extract has not come by its deadline; the night is the one in which it was due.
SELECT
    source,
    source AS subject,
    CAST(due_at AS DATE) AS batch_date,
    'late' AS state,
    last_batch_date,
    deadline_hours,
    due_at
FROM ops.freshness
WHERE is_late
ORDER BY source ASC
