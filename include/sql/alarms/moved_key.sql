-- Rows of an extract whose key was another patient's: until the last that is set aside for it is decided, and for
-- thirty days after the extract was first read; a later reading tells nothing again.
WITH
first_reading AS (
    SELECT
        load_id,
        MIN(finished_at) AS finished_at
    FROM received.reading
    WHERE outcome = 'received'
    GROUP BY load_id
),

extract_read AS (
    SELECT
        COALESCE(f.site, '') AS site,
        f.feed,
        f.batch_date,
        MAX(d.finished_at) AS finished_at
    FROM received.file AS f
    INNER JOIN first_reading AS d ON f.load_id = d.load_id
    GROUP BY COALESCE(f.site, ''), f.feed, f.batch_date
)

SELECT
    i.site,
    i.source,
    i.feed,
    i.feed AS subject,
    i.batch_date,
    CAST(i.moved_keys AS TEXT) AS state,
    i.moved_keys
FROM marts.intake AS i
INNER JOIN extract_read AS l ON i.site = l.site AND i.feed = l.feed AND i.batch_date = l.batch_date
LEFT JOIN (
    SELECT DISTINCT
        f.site,
        f.feed,
        f.batch_date
    FROM quarantine.record AS r
    INNER JOIN ops.file_state AS f ON r.load_id = f.load_id
    WHERE r.state = 'open' AND r.rule_ids || ',' LIKE '%.patient_id.moved,%'
) AS o ON i.site = o.site AND i.feed = o.feed AND i.batch_date = o.batch_date
WHERE
    i.moved_keys > 0
    AND (
        o.feed IS NOT NULL
        OR l.finished_at + INTERVAL '30' DAY > CURRENT_TIMESTAMP AT TIME ZONE 'UTC'
    )
ORDER BY i.site ASC, i.source ASC, i.feed ASC, i.batch_date ASC
