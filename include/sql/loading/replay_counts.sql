UPDATE ops.load
SET
    rows_quarantined = ops.load.rows_quarantined - m.passed,
    rows_loaded = ops.load.rows_loaded + m.loaded,
    rows_updated = ops.load.rows_updated + m.updated,
    rows_unchanged = ops.load.rows_unchanged + m.unchanged,
    rows_waiting = ops.load.rows_waiting + m.waiting
FROM (
    SELECT
        COUNT(*) FILTER (WHERE fate <> 'quarantined') AS passed,
        COUNT(*) FILTER (WHERE fate = 'loaded') AS loaded,
        COUNT(*) FILTER (WHERE fate = 'updated') AS updated,
        COUNT(*) FILTER (WHERE fate = 'unchanged') AS unchanged,
        COUNT(*) FILTER (WHERE fate = 'waiting') AS waiting
    FROM replayed
) AS m
WHERE ops.load.load_id = :load_id
