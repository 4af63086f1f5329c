UPDATE ops.load
SET
    state = 'superseded',
    reason = 'another content was delivered at the same place'
WHERE
    source = :source
    AND feed = :feed
    AND batch_date = :batch_date
    AND file_name = :file_name
    AND state IN ('held', 'released', 'rejected')
