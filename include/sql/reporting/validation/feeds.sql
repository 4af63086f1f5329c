-- What every feed sent that night, what became of it, and how much was expected.
SELECT
    COALESCE(l.site, '') AS site,
    f.source,
    f.feed,
    COUNT(l.load_id) AS files,
    COUNT(l.load_id) FILTER (WHERE l.state = 'held') AS files_held,
    COUNT(l.load_id) FILTER (WHERE l.state = 'received') AS files_to_load,
    CAST(COALESCE(SUM(l.rows_received), 0) AS BIGINT) AS received,
    CAST(COALESCE(SUM(l.rows_loaded), 0) AS BIGINT) AS loaded,
    CAST(COALESCE(SUM(l.rows_updated), 0) AS BIGINT) AS updated,
    CAST(COALESCE(SUM(l.rows_unchanged), 0) AS BIGINT) AS unchanged,
    CAST(COALESCE(SUM(l.rows_quarantined), 0) AS BIGINT) AS quarantined,
    CAST(COALESCE(SUM(l.rows_waiting), 0) AS BIGINT) AS waiting,
    CAST(COALESCE(SUM(l.cells_set_aside), 0) AS BIGINT) AS cells_set_aside,
    MAX(v.median_rows) AS expected_rows,
    MAX(v.ratio) AS ratio,
    MAX(v.low) AS lowest_ratio,
    MAX(v.high) AS highest_ratio,
    MAX(v.earlier_extracts) AS earlier_extracts,
    CASE MAX(CASE WHEN v.in_band THEN 1 WHEN NOT v.in_band THEN 0 END) WHEN 1 THEN TRUE WHEN 0 THEN FALSE END AS in_band
FROM reference.feed AS f
LEFT JOIN ops.standing_load AS l
    ON f.feed = l.feed AND l.batch_date = CAST(:day AS DATE) AND l.state <> 'rejected'
LEFT JOIN marts.feed_volume AS v ON f.feed = v.feed AND l.site = v.site AND v.batch_date = CAST(:day AS DATE)
GROUP BY COALESCE(l.site, ''), f.source, f.feed
ORDER BY site ASC, f.source ASC, f.feed ASC
