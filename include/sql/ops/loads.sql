SELECT
    load_id,
    batch_date,
    site,
    source,
    feed,
    file_name,
    state,
    rows_received AS received,
    rows_loaded AS loaded,
    rows_updated AS updated,
    rows_unchanged AS unchanged,
    rows_quarantined AS quarantined,
    rows_waiting AS waiting,
    cells_set_aside,
    reason
FROM ops.load
ORDER BY batch_date ASC, site ASC, source ASC, feed ASC, file_order ASC, delivery ASC
