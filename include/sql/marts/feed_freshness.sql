-- When each feed last brought something, what it brought in all (rows count once their file is loaded), how many of its
-- files could not be copied, and whether its department is late.
WITH newest AS (
    SELECT
        site,
        source,
        feed,
        MAX(batch_date) AS last_batch_date,
        SUM(files_not_copied) AS files_not_copied
    FROM (
        SELECT
            site,
            source,
            feed,
            CASE WHEN state = 'loaded' THEN batch_date END AS batch_date,
            0 AS files_not_copied
        FROM ops.load
        UNION ALL
        SELECT
            COALESCE(site, '') AS site,
            source,
            feed,
            NULL AS batch_date,
            1 AS files_not_copied
        FROM ops.not_pulled
        WHERE is_missing AND feed IS NOT NULL
    ) AS delivered
    GROUP BY site, source, feed
)

SELECT
    n.site,
    n.source,
    n.feed,
    n.last_batch_date,
    MAX(l.finished_at) FILTER (WHERE l.state = 'loaded') AS last_loaded_at,
    CAST(COALESCE(SUM(l.rows_received) FILTER (WHERE l.state = 'loaded'), 0) AS BIGINT) AS rows_received,
    CAST(COALESCE(SUM(l.rows_loaded) FILTER (WHERE l.state = 'loaded'), 0) AS BIGINT) AS rows_loaded,
    CAST(COALESCE(SUM(l.rows_updated) FILTER (WHERE l.state = 'loaded'), 0) AS BIGINT) AS rows_updated,
    CAST(COALESCE(SUM(l.rows_quarantined) FILTER (WHERE l.state = 'loaded'), 0) AS BIGINT) AS rows_quarantined,
    CAST(COALESCE(SUM(l.rows_waiting) FILTER (WHERE l.state = 'loaded'), 0) AS BIGINT) AS rows_waiting,
    CAST(COALESCE(SUM(l.rows_unchanged) FILTER (WHERE l.state = 'loaded'), 0) AS BIGINT) AS rows_unchanged,
    CAST(
        SUM(s.rows_received) FILTER (WHERE s.state = 'loaded' AND s.batch_date = n.last_batch_date) AS BIGINT
    ) AS last_rows_received,
    COUNT(*) FILTER (WHERE l.state = 'held') AS files_held,
    CAST(n.files_not_copied AS BIGINT) AS files_not_copied,
    d.deadline_hours,
    d.due_at,
    d.is_late
FROM newest AS n
LEFT JOIN ops.load AS l ON n.site = l.site AND n.source = l.source AND n.feed = l.feed
LEFT JOIN ops.standing_load AS s ON l.load_id = s.load_id
LEFT JOIN ops.freshness AS d ON n.site = d.site AND n.source = d.source
GROUP BY n.site, n.source, n.feed, n.last_batch_date, n.files_not_copied, d.deadline_hours, d.due_at, d.is_late
