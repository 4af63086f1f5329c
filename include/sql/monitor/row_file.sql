-- The file of a row, and what became of it.
SELECT
    load_id,
    COALESCE(site, '') AS site,
    source,
    feed,
    batch_date,
    file_name,
    state
FROM ops.load
WHERE load_id = :load_id
