-- Reads: new_reading.
SELECT DISTINCT
    COALESCE(m.site, '') AS site,
    CAST(DATE_TRUNC('month', m.batch_date) AS DATE) AS month
FROM new_reading AS n
INNER JOIN received.file AS m ON n.load_id = m.load_id
