-- The ledger: what became of a file, and of its rows from their fates.
WITH
counted AS (
    SELECT
        load_id,
        COUNT(*) FILTER (WHERE fate = 'updated') AS updated,
        COUNT(*) FILTER (WHERE fate = 'unchanged') AS unchanged,
        COUNT(*) FILTER (WHERE fate = 'quarantined') AS quarantined,
        COUNT(*) FILTER (WHERE fate = 'waiting') AS waiting
    FROM resolved.fate
    GROUP BY load_id
),

cell AS (
    SELECT
        load_id,
        COUNT(*) AS set_aside
    FROM resolved.cell
    WHERE state = 'open'
    GROUP BY load_id
)

SELECT
    f.load_id,
    f.site,
    f.source,
    f.feed,
    f.batch_date,
    f.uri,
    f.file_name,
    f.file_order,
    f.delivery,
    f.landing_uri,
    f.sha256,
    f.size_bytes,
    f.state,
    f.reason,
    f.reason_code,
    f.rows_received,
    CASE
        WHEN f.rows_received IS NULL THEN NULL
        WHEN f.state = 'loaded'
            THEN
                f.rows_received - f.rows_unreadable - COALESCE(c.updated, 0) - COALESCE(c.unchanged, 0)
                - COALESCE(c.quarantined, 0) - COALESCE(c.waiting, 0)
        ELSE 0
    END AS rows_loaded,
    CASE WHEN f.rows_received IS NOT NULL THEN COALESCE(c.updated, 0) END AS rows_updated,
    CASE WHEN f.rows_received IS NOT NULL THEN COALESCE(c.unchanged, 0) END AS rows_unchanged,
    CASE f.state
        WHEN 'loaded' THEN COALESCE(c.quarantined, 0) + f.rows_unreadable
        WHEN 'rejected' THEN f.rows_received
        ELSE CASE WHEN f.rows_received IS NOT NULL THEN 0 END
    END AS rows_quarantined,
    CASE f.state
        WHEN 'loaded' THEN COALESCE(c.waiting, 0)
        WHEN 'rejected' THEN CASE WHEN f.rows_received IS NOT NULL THEN 0 END
        ELSE f.rows_received
    END AS rows_waiting,
    f.rows_failing,
    f.profile_version,
    f.rows_left_out,
    CASE WHEN f.rows_received IS NOT NULL THEN COALESCE(a.set_aside, 0) END AS cells_set_aside,
    f.decided_by,
    f.decided_at,
    f.received_at,
    f.started_at,
    f.finished_at
FROM ops.file_state AS f
LEFT JOIN counted AS c ON f.load_id = c.load_id
LEFT JOIN cell AS a ON f.load_id = a.load_id
