-- Reads: new_reading. Makes: full_export.
-- The full exports that new readings touch: the day of the latest one, and of the one that was the latest before. With
-- `is_whole` no earlier answer is used: a file was read again, or another content came in its place.
CREATE TEMPORARY TABLE full_export AS
SELECT
    f.site,
    f.export,
    MAX(CASE WHEN f.is_full AND s.outcome = 'received' THEN f.batch_date END) AS batch_date,
    MAX(CASE WHEN f.is_full AND d.load_id IS NOT NULL THEN f.batch_date END) AS day_before,
    {% if everything %}
    TRUE AS is_whole
    {% else %}
    COALESCE(MAX(n.reading), 1) > 1 OR MAX(
        CASE
            WHEN n.load_id IN (
                SELECT p.load_id FROM ops.replaced_full AS p
                UNION
                SELECT q.latest_load_id FROM ops.replaced_full AS q
            )
                THEN 1
            ELSE 0
        END
    ) = 1 AS is_whole
    {% endif %}
FROM received.file AS f
INNER JOIN received.standing_reading AS s ON f.load_id = s.load_id
LEFT JOIN resolved.reading AS d ON s.load_id = d.load_id AND s.reading = d.reading
LEFT JOIN new_reading AS n ON s.load_id = n.load_id AND s.reading = n.reading
WHERE f.feed = '{{ f.name }}' AND f.export <> ''
GROUP BY f.site, f.export
HAVING COUNT(n.load_id) > 0 AND MAX(CASE WHEN f.is_full THEN 1 ELSE 0 END) = 1
