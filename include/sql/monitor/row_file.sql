SELECT
    load_id,
    COALESCE(site, '') AS site,
    source,
    feed,
    batch_date,
    file_name
FROM received.file
WHERE load_id = :load_id
