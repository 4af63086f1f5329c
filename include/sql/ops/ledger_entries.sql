SELECT
    load_id,
    COALESCE(site, '') AS site,
    COALESCE(patient_ids, '') AS patient_ids,
    source,
    feed,
    batch_date,
    uri,
    file_name,
    delivery,
    landing_uri,
    sha256,
    size_bytes,
    received_at,
    COALESCE(export, '') AS export,
    landed_sha256,
    COALESCE(is_full, FALSE) AS is_full,
    COALESCE(part, file_name) AS part,
    COALESCE(withdraws, '') AS withdraws
FROM received.file
ORDER BY load_id ASC
