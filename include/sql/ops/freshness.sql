-- When each department of each site last sent a file, and when the next one is due. A feed without news sends no file,
-- so the deadline is the department's, the same at each site; a held file has come. A department that nobody sent
-- anything of is shown without a site. Lateness is judged at the moment of reading.
WITH
delivery AS (
    SELECT
        COALESCE(l.site, '') AS site,
        f.source,
        MAX(l.batch_date) AS last_batch_date
    FROM (SELECT DISTINCT source FROM reference.feed) AS f
    LEFT JOIN ops.file_state AS l ON f.source = l.source AND l.state NOT IN ('superseded', 'rejected')
    GROUP BY COALESCE(l.site, ''), f.source
),

due AS (
    SELECT
        d.site,
        d.source,
        d.last_batch_date,
        t.deadline_hours,
        CAST(d.last_batch_date AS TIMESTAMP) + t.deadline_hours * INTERVAL '1' HOUR AS due_at
    FROM delivery AS d
    LEFT JOIN (
        SELECT
            source,
            MIN(high) AS deadline_hours
        FROM reference.threshold_in_force
        WHERE kind = 'freshness_deadline'
        GROUP BY source
    ) AS t ON d.source = t.source
)

SELECT
    site,
    source,
    last_batch_date,
    deadline_hours,
    due_at,
    due_at < CURRENT_TIMESTAMP AT TIME ZONE 'UTC' AS is_late
FROM due
