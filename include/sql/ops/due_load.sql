-- A file that was held because a rule could not be evaluated or its landed copy was changed is tried again; one that
-- was held for its share of failing rows as soon as the threshold of today lets it through. What was read by another
-- version of its site's profile is read again, and rows that a person withdrew when that is taken back.
SELECT
    l.load_id,
    l.source,
    l.feed,
    l.batch_date,
    l.file_name,
    l.file_order,
    l.delivery,
    l.rows_received,
    l.decision,
    l.is_loaded_before
FROM ops.file_state AS l
LEFT JOIN ops.profile AS p ON l.site = p.site AND l.export = p.export AND l.feed = p.feed
LEFT JOIN reference.threshold_in_force AS t ON l.feed = t.feed AND t.kind = 'hold_share'
WHERE
    l.state = 'released'
    OR (l.state = 'received' AND l.finished_at IS NULL)
    OR (l.state IN ('loaded', 'held') AND p.version IS NOT NULL AND COALESCE(l.profile_version, '') <> p.version)
    OR (l.state = 'loaded' AND l.withdraws <> '' AND l.decision = 'reject_file')
    OR (l.state = 'held' AND l.reason_code IN ('REG-303', 'REG-207'))
    OR (
        l.state = 'held'
        AND l.reason_code = 'REG-307'
        AND (
            t.high IS NULL
            OR l.rows_received < t.minimum_rows
            OR 100.0 * l.rows_failing <= t.high * l.rows_received
        )
    )
