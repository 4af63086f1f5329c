UPDATE ops.load
SET
    rows_quarantined = ops.load.rows_quarantined + m.waiting + m.loaded + m.updated,
    rows_waiting = ops.load.rows_waiting - m.waiting,
    rows_loaded = ops.load.rows_loaded - m.loaded,
    rows_updated = ops.load.rows_updated - m.updated
FROM (
    SELECT
        load_id,
        COUNT(*) FILTER (WHERE version_state = 'waiting') AS waiting,
        COUNT(*) FILTER (WHERE version_state IN ('current', 'past') AND arrival = 'loaded') AS loaded,
        COUNT(*) FILTER (WHERE version_state IN ('current', 'past') AND arrival = 'updated') AS updated
    FROM withdrawn
    GROUP BY load_id
) AS m
WHERE ops.load.load_id = m.load_id
