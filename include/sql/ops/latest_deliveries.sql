{% from 'received/latest_delivery.sql' import latest_delivery %}
SELECT
    l.load_id,
    COALESCE(l.site, '') AS site,
    l.source,
    l.feed,
    l.batch_date,
    l.file_name,
    l.delivery,
    s.fingerprint,
    l.sha256,
    COALESCE(l.export, '') AS export,
    COALESCE(r.outcome = 'held', FALSE) AND COALESCE(d.kind, '') <> 'reject_file' AS is_held
FROM received.file AS l
INNER JOIN {{ latest_delivery() }} AS latest
    ON
        COALESCE(l.site, '') = latest.site
        AND l.source = latest.source
        AND l.feed = latest.feed
        AND l.batch_date = latest.batch_date
        AND l.file_name = latest.file_name
        AND l.delivery = latest.delivery
LEFT JOIN ops.seen_file AS s ON l.load_id = s.load_id
LEFT JOIN received.standing_reading AS r ON l.load_id = r.load_id
LEFT JOIN decision.in_force AS d ON l.load_id = d.load_id
