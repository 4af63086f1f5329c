-- What came on a night and was not understood, and what leaves no row, by reason.
SELECT
    i.site,
    i.source,
    i.feed,
    i.files,
    i.rows AS rows_received,
    i.left_out,
    i.unmapped_codes,
    i.unmapped_units,
    i.moved_keys,
    w.reasons,
    c.columns_low
FROM marts.intake AS i
LEFT JOIN (
    SELECT
        l.site,
        l.feed,
        STRING_AGG(DISTINCT o.reason, ', ' ORDER BY o.reason) AS reasons
    FROM ops.standing_file AS l
    INNER JOIN received.standing_reading AS r ON l.load_id = r.load_id
    INNER JOIN received.left_out AS o ON r.load_id = o.load_id AND r.reading = o.reading
    WHERE l.batch_date = :day
    GROUP BY l.site, l.feed
) AS w ON i.site = w.site AND i.feed = w.feed
LEFT JOIN (
    SELECT
        site,
        feed,
        STRING_AGG(DISTINCT column_name, ', ' ORDER BY column_name) AS columns_low
    FROM ops.coverage
    WHERE batch_date = :day AND NOT in_band
    GROUP BY site, feed
) AS c ON i.site = c.site AND i.feed = c.feed
WHERE
    i.batch_date = :day
    AND (
        i.left_out + i.unmapped_codes + i.unmapped_units + i.moved_keys > 0
        OR c.columns_low IS NOT NULL
    )
ORDER BY i.site ASC, i.source ASC, i.feed ASC
