-- The latest full export of each export of a site: the day's files, of each part the last file and content. It is
-- whole when all of them are loaded: a file that is held, waits or cannot be read says nothing of what is missing.
SELECT
    f.site,
    f.export,
    f.source,
    f.feed,
    f.batch_date,
    MAX(f.load_id) AS load_id,
    MAX(f.patient_ids) AS patient_ids,
    COUNT(*) = COUNT(d.load_id) AS is_whole
FROM (
    SELECT
        c.*,
        ROW_NUMBER() OVER (
            PARTITION BY c.site, c.feed, c.export, c.batch_date, c.part
            ORDER BY c.file_order DESC, c.delivery DESC, c.load_id DESC
        ) AS age
    FROM received.file AS c
    INNER JOIN (
        SELECT
            site,
            export,
            feed,
            MAX(batch_date) AS batch_date
        FROM received.file
        WHERE is_full
        GROUP BY site, export, feed
    ) AS l ON c.site = l.site AND c.export = l.export AND c.feed = l.feed AND c.batch_date = l.batch_date
    WHERE c.is_full
) AS f
LEFT JOIN received.standing_reading AS s ON f.load_id = s.load_id AND s.outcome = 'received'
LEFT JOIN resolved.reading AS d ON s.load_id = d.load_id AND s.reading = d.reading
WHERE f.age = 1
GROUP BY f.site, f.export, f.source, f.feed, f.batch_date
