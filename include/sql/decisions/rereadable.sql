-- Reads: chosen_record.
-- The loads whose chosen rows fail by themselves: only those are read and judged again.
SELECT
    l.load_id,
    l.feed,
    l.batch_date,
    l.landing_uri,
    COALESCE(l.landed_sha256, l.sha256) AS sha256,
    COALESCE(l.site, '') AS site,
    COALESCE(l.patient_ids, '') AS patient_ids,
    COALESCE(l.export, '') AS export,
    l.file_name,
    (SELECT MAX(r.reading) + 1 FROM received.reading AS r WHERE r.load_id = l.load_id) AS reading
FROM received.file AS l
WHERE
    l.load_id IN (
        SELECT c.load_id
        FROM chosen_record AS c
        INNER JOIN received.failure_in_force AS f ON c.load_id = f.load_id AND c.row_number = f.row_number
        WHERE f.severity = 'critical'
    )
ORDER BY l.batch_date ASC, l.file_order ASC, l.delivery ASC, l.load_id ASC
