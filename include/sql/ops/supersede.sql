-- What is not loaded of the deliveries to this load's place ends with the last of them.
UPDATE ops.load
SET
    state = 'superseded',
    reason = 'another content was delivered at the same place'
FROM ops.load AS t
INNER JOIN ops.load AS n
    ON t.source = n.source AND t.feed = n.feed AND t.batch_date = n.batch_date AND t.file_name = n.file_name
WHERE
    t.load_id = :load_id
    AND ops.load.source = n.source
    AND ops.load.feed = n.feed
    AND ops.load.batch_date = n.batch_date
    AND ops.load.file_name = n.file_name
    AND ops.load.delivery < n.delivery
    AND ops.load.state IN ('held', 'released', 'rejected')
