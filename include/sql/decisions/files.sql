SELECT
    load_id,
    batch_date,
    COALESCE(site, '') AS site,
    source,
    feed,
    file_name,
    state,
    rows_received AS received,
    rows_failing AS failing,
    decided_by,
    decided_at,
    reason,
    COUNT(*) OVER () AS total
FROM ops.file_state
WHERE
    (CAST(:state AS TEXT) IS NULL OR state = :state)
    AND (CAST(:site AS TEXT) IS NULL OR site = :site)
    AND (CAST(:source AS TEXT) IS NULL OR source = :source)
    AND (CAST(:feed AS TEXT) IS NULL OR feed = :feed)
ORDER BY batch_date DESC, source ASC, feed ASC, file_order ASC, delivery ASC
LIMIT :most OFFSET :skipped
