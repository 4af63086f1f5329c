-- Reads: full_export, present_key, new_reading.
-- The keys that files since the full export before had and the latest has not: what was absent then is known. A content
-- of the same day that was replaced is a file before it.
INSERT INTO resolved.absent (site, export, feed, record_key)
SELECT DISTINCT
    e.site,
    e.export,
    '{{ f.name }}' AS feed,
    r.{{ f.key }} AS record_key
FROM full_export AS e
INNER JOIN received.file AS f
    ON
        e.site = f.site
        AND e.export = f.export
        AND f.feed = '{{ f.name }}'
        AND (
            e.batch_date > f.batch_date
            OR (e.batch_date = f.batch_date AND f.load_id IN (SELECT b.load_id FROM ops.replaced_full AS b))
        )
        AND (
            e.is_whole
            OR e.day_before IS NULL
            OR e.day_before <= f.batch_date
            OR f.load_id IN (SELECT n.load_id FROM new_reading AS n)
        )
INNER JOIN received.standing_reading AS s ON f.load_id = s.load_id AND s.outcome = 'received'
INNER JOIN received.{{ f.name }} AS r ON s.load_id = r.load_id AND s.reading = r.reading
LEFT JOIN present_key AS p ON e.site = p.site AND e.export = p.export AND r.{{ f.key }} = p.record_key
LEFT JOIN resolved.absent AS a
    ON e.site = a.site AND e.export = a.export AND a.feed = '{{ f.name }}' AND r.{{ f.key }} = a.record_key
WHERE r.{{ f.key }} IS NOT NULL AND p.record_key IS NULL AND a.record_key IS NULL
