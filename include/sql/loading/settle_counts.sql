UPDATE ops.load
SET
    rows_loaded = ops.load.rows_loaded + m.loaded,
    rows_updated = ops.load.rows_updated + m.updated,
    rows_quarantined = ops.load.rows_quarantined + m.quarantined,
    rows_waiting = ops.load.rows_waiting - m.joined
FROM (
    SELECT
        load_id,
        SUM(CASE WHEN arrival = 'loaded' THEN is_valid - was_valid ELSE 0 END) AS loaded,
        SUM(CASE WHEN arrival = 'updated' THEN is_valid - was_valid ELSE 0 END) AS updated,
        SUM(is_quarantined - was_quarantined) AS quarantined,
        SUM(was_waiting - is_waiting) AS joined
    FROM (
        SELECT
            load_id,
            arrival,
            CASE WHEN new_state IN ('current', 'past') THEN 1 ELSE 0 END AS is_valid,
            CASE WHEN old_state IN ('current', 'past') THEN 1 ELSE 0 END AS was_valid,
            CASE WHEN new_state = 'quarantined' THEN 1 ELSE 0 END AS is_quarantined,
            CASE WHEN old_state = 'quarantined' THEN 1 ELSE 0 END AS was_quarantined,
            CASE WHEN new_state = 'waiting' THEN 1 ELSE 0 END AS is_waiting,
            CASE WHEN old_state = 'waiting' THEN 1 ELSE 0 END AS was_waiting
        FROM settled
    ) AS moved
    GROUP BY load_id
) AS m
WHERE ops.load.load_id = m.load_id
