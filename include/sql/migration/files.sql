INSERT INTO received.file (
    load_id, source, feed, batch_date, uri, file_name, file_order, delivery, landing_uri, sha256, size_bytes,
    received_at
)
SELECT
    load_id,
    source,
    feed,
    batch_date,
    uri,
    file_name,
    file_order,
    delivery,
    landing_uri,
    sha256,
    size_bytes,
    received_at
FROM before.load
