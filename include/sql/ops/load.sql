-- The ledger. What became of a file follows from what was read of it, what people decided, and what came to its place
-- later; what became of its rows from their fates.
WITH
latest AS (
    SELECT
        COALESCE(site, '') AS site,
        source,
        feed,
        batch_date,
        file_name,
        MAX(delivery) AS delivery
    FROM received.file
    GROUP BY COALESCE(site, ''), source, feed, batch_date, file_name
),

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
),

entry AS (
    SELECT
        f.*,
        r.reason AS held_for,
        r.reason_code AS held_code,
        r.rows_received,
        r.rows_unreadable,
        r.profile,
        r.rows_left_out,
        COALESCE(CASE WHEN r.load_id IS NOT NULL THEN b.rows_failing END, r.rows_failing) AS rows_failing,
        r.started_at,
        r.finished_at,
        d.decided_by,
        d.decided_at,
        d.reason AS decided_for,
        CASE
            WHEN z.load_id IS NOT NULL THEN 'loaded'
            WHEN r.outcome = 'received' OR r.load_id IS NULL THEN 'received'
            WHEN
                (b.load_id IS NOT NULL OR d.kind = 'release') AND COALESCE(r.reason_code, '') <> 'REG-207'
                THEN 'released'
            WHEN f.delivery < l.delivery AND b.load_id IS NULL THEN 'superseded'
            WHEN d.kind = 'reject_file' THEN 'rejected'
            ELSE 'held'
        END AS state
    FROM received.file AS f
    INNER JOIN latest AS l
        ON
            COALESCE(f.site, '') = l.site
            AND f.source = l.source
            AND f.feed = l.feed
            AND f.batch_date = l.batch_date
            AND f.file_name = l.file_name
    LEFT JOIN received.standing_reading AS r ON f.load_id = r.load_id
    LEFT JOIN resolved.reading AS z ON r.load_id = z.load_id AND r.reading = z.reading AND r.outcome = 'received'
    LEFT JOIN decision.in_force AS d ON f.load_id = d.load_id
    LEFT JOIN received.loaded_before AS b ON f.load_id = b.load_id AND COALESCE(d.kind, '') <> 'reject_file'
)

SELECT
    e.load_id,
    COALESCE(e.site, '') AS site,
    e.source,
    e.feed,
    e.batch_date,
    e.uri,
    e.file_name,
    e.file_order,
    e.delivery,
    e.landing_uri,
    e.sha256,
    e.size_bytes,
    e.state,
    CASE
        WHEN e.state = 'superseded' THEN 'another content was delivered at the same place'
        WHEN e.state IN ('released', 'rejected') THEN COALESCE(e.decided_for, e.held_for)
        ELSE e.held_for
    END AS reason,
    CASE WHEN e.state <> 'superseded' THEN e.held_code END AS reason_code,
    e.rows_received,
    CASE
        WHEN e.rows_received IS NULL THEN NULL
        WHEN e.state = 'loaded'
            THEN
                e.rows_received - e.rows_unreadable - COALESCE(c.updated, 0) - COALESCE(c.unchanged, 0)
                - COALESCE(c.quarantined, 0) - COALESCE(c.waiting, 0)
        ELSE 0
    END AS rows_loaded,
    CASE WHEN e.rows_received IS NOT NULL THEN COALESCE(c.updated, 0) END AS rows_updated,
    CASE WHEN e.rows_received IS NOT NULL THEN COALESCE(c.unchanged, 0) END AS rows_unchanged,
    CASE e.state
        WHEN 'loaded' THEN COALESCE(c.quarantined, 0) + e.rows_unreadable
        WHEN 'rejected' THEN e.rows_received
        ELSE CASE WHEN e.rows_received IS NOT NULL THEN 0 END
    END AS rows_quarantined,
    CASE e.state
        WHEN 'loaded' THEN COALESCE(c.waiting, 0)
        WHEN 'rejected' THEN CASE WHEN e.rows_received IS NOT NULL THEN 0 END
        ELSE e.rows_received
    END AS rows_waiting,
    e.rows_failing,
    e.profile AS profile_version,
    COALESCE(e.rows_left_out, 0) AS rows_left_out,
    CASE WHEN e.rows_received IS NOT NULL THEN COALESCE(a.set_aside, 0) END AS cells_set_aside,
    e.decided_by,
    e.decided_at,
    e.received_at,
    e.started_at,
    e.finished_at
FROM entry AS e
LEFT JOIN counted AS c ON e.load_id = c.load_id
LEFT JOIN cell AS a ON e.load_id = a.load_id
