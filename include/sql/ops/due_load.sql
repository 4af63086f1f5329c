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
    l.rows_received
FROM ops.load AS l
LEFT JOIN received.file AS f ON l.load_id = f.load_id
LEFT JOIN ops.profile AS p ON f.site = p.site AND f.export = p.export AND f.feed = p.feed
LEFT JOIN decision.in_force AS r ON l.load_id = r.load_id
LEFT JOIN reference.threshold_in_force AS t ON l.feed = t.feed AND t.kind = 'hold_share'
WHERE
    l.state = 'released'
    OR (l.state = 'received' AND l.finished_at IS NULL)
    OR (l.state IN ('loaded', 'held') AND p.version IS NOT NULL AND COALESCE(l.profile_version, '') <> p.version)
    OR (l.state = 'loaded' AND f.withdraws <> '' AND r.kind = 'reject_file')
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
