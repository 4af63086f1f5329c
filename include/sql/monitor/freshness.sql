-- When each feed last came, how many of its rows of all time are in the record, and when the next file is due.
SELECT
    site,
    source,
    feed,
    last_batch_date,
    last_rows_received,
    rows_received,
    rows_quarantined,
    rows_waiting,
    files_held,
    files_not_copied,
    due_at,
    is_late
FROM marts.feed_freshness
ORDER BY site ASC, source ASC, feed ASC
