SELECT
    batch_date,
    site,
    feed,
    COUNT(*) AS files,
    COUNT(*) FILTER (WHERE state = 'held') AS held,
    CAST(COALESCE(SUM(rows_received), 0) AS BIGINT) AS received,
    CAST(COALESCE(SUM(rows_loaded), 0) AS BIGINT) AS loaded,
    CAST(COALESCE(SUM(rows_updated), 0) AS BIGINT) AS updated,
    CAST(COALESCE(SUM(rows_unchanged), 0) AS BIGINT) AS unchanged,
    CAST(COALESCE(SUM(rows_quarantined), 0) AS BIGINT) AS quarantined,
    CAST(COALESCE(SUM(rows_waiting), 0) AS BIGINT) AS waiting,
    CAST(COALESCE(SUM(cells_set_aside), 0) AS BIGINT) AS cells_set_aside
FROM ops.load
GROUP BY batch_date, site, feed
ORDER BY batch_date ASC, site ASC, feed ASC
