SELECT
    load_id,
    source,
    feed,
    batch_date,
    file_name,
    landing_uri
FROM ops.load
WHERE load_id = :load_id
