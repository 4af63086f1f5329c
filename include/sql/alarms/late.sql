-- Departments whose next extract has not come by its deadline; the night is the one in which it was due. Who has sent
-- something within that time, be it of an older day, is sending.
SELECT
    f.site,
    f.source,
    f.source AS subject,
    CAST(f.due_at AS DATE) AS batch_date,
    'late' AS state,
    f.last_batch_date,
    f.deadline_hours,
    f.due_at
FROM ops.freshness AS f
LEFT JOIN (
    SELECT
        site,
        source,
        MAX(received_at) AS received_at
    FROM ops.file_state
    GROUP BY site, source
) AS l ON f.site = l.site AND f.source = l.source
WHERE
    f.is_late
    AND (
        l.received_at IS NULL
        OR l.received_at + f.deadline_hours * INTERVAL '1' HOUR < CURRENT_TIMESTAMP AT TIME ZONE 'UTC'
    )
ORDER BY f.site ASC, f.source ASC
