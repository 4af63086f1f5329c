SELECT
    site,
    source,
    last_batch_date,
    deadline_hours,
    due_at,
    is_late
FROM ops.freshness
ORDER BY site ASC, source ASC
