-- The files of a night; those first that somebody has to look at.
SELECT
    load_id,
    site,
    source,
    feed,
    state,
    rows_received,
    COUNT(*) OVER () AS total
FROM ops.file_state
WHERE batch_date = CAST(:day AS DATE) AND state <> 'superseded'
ORDER BY
    CASE state WHEN 'held' THEN 1 WHEN 'received' THEN 2 WHEN 'released' THEN 2 ELSE 3 END ASC,
    site ASC,
    source ASC,
    feed ASC,
    load_id ASC
LIMIT 100
