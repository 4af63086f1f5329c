-- The files of a site that were read by a profile, as a batch takes them.
SELECT
    f.load_id,
    f.feed,
    f.batch_date,
    f.landing_uri,
    COALESCE(f.landed_sha256, f.sha256) AS sha256,
    f.site,
    COALESCE(f.patient_ids, '') AS patient_ids,
    f.export,
    f.file_name,
    r.reading + 1 AS reading,
    r.profile
FROM received.file AS f
INNER JOIN received.standing_reading AS r ON f.load_id = r.load_id
INNER JOIN ops.file_state AS l ON f.load_id = l.load_id
WHERE f.site = :site AND f.export <> '' AND l.state IN ('loaded', 'held')
ORDER BY f.feed ASC, f.batch_date ASC, f.file_order ASC, f.delivery ASC, f.load_id ASC
