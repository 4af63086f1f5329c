-- Reads: full_export, present_key.
-- What is there again, and all that is not to be relied on.
DELETE FROM resolved.absent AS a
WHERE
    a.feed = '{{ f.name }}'
    AND (
        EXISTS (SELECT 1 FROM full_export AS e WHERE a.site = e.site AND a.export = e.export AND e.is_whole)
        OR EXISTS (
            SELECT 1
            FROM present_key AS p
            WHERE a.site = p.site AND a.export = p.export AND a.record_key = p.record_key
        )
    )
