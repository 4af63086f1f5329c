UPDATE ops.load
SET fingerprint = :fingerprint
WHERE
    source = :source
    AND feed = :feed
    AND batch_date = :batch_date
    AND file_name = :file_name
    AND delivery = :delivery
