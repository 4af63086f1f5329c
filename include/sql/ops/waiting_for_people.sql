SELECT
    l.site,
    l.feed,
    COUNT(*) FILTER (WHERE l.state = 'held') AS held_files,
    CAST(COALESCE(SUM(r.records), 0) AS BIGINT) AS open_records
FROM ops.load AS l
LEFT JOIN (
    SELECT
        load_id,
        COUNT(*) AS records
    FROM quarantine.record
    WHERE state = 'open'
    GROUP BY load_id
) AS r ON l.load_id = r.load_id
GROUP BY l.site, l.feed
