{% from 'received/latest_delivery.sql' import latest_delivery %}
-- What became of a file, from what was read of it, what people decided, and what came to its place later; its rows are
-- counted by ops.load.
WITH entry AS (
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
        d.kind AS decision,
        b.load_id IS NOT NULL AS is_loaded_before,
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
    INNER JOIN {{ latest_delivery() }} AS l
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
    load_id,
    COALESCE(site, '') AS site,
    source,
    feed,
    batch_date,
    uri,
    file_name,
    file_order,
    delivery,
    landing_uri,
    sha256,
    size_bytes,
    COALESCE(export, '') AS export,
    COALESCE(withdraws, '') AS withdraws,
    state,
    CASE
        WHEN state = 'superseded' THEN 'another content was delivered at the same place'
        WHEN state IN ('released', 'rejected') THEN COALESCE(decided_for, held_for)
        ELSE held_for
    END AS reason,
    CASE WHEN state <> 'superseded' THEN held_code END AS reason_code,
    rows_received,
    rows_unreadable,
    rows_failing,
    profile AS profile_version,
    COALESCE(rows_left_out, 0) AS rows_left_out,
    decision,
    is_loaded_before,
    decided_by,
    decided_at,
    received_at,
    started_at,
    finished_at
FROM entry
