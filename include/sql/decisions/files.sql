SELECT
    load_id,
    batch_date,
    source,
    feed,
    file_name,
    state,
    rows_received AS received,
    rows_failing AS failing,
    decided_by,
    decided_at,
    reason
FROM ops.file_state
WHERE CAST(:state AS TEXT) IS NULL OR state = :state
ORDER BY batch_date DESC, source ASC, feed ASC, file_order ASC, delivery ASC
LIMIT :most OFFSET :skipped
