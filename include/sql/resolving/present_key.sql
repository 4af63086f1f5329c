-- Reads: full_export. Makes: present_key.
-- The keys of the latest full exports, of each part the last content, whatever became of their rows.
CREATE TEMPORARY TABLE present_key AS
SELECT DISTINCT
    e.site,
    e.export,
    r.{{ f.key }} AS record_key
FROM full_export AS e
INNER JOIN received.file AS f
    ON e.site = f.site AND e.export = f.export AND f.feed = '{{ f.name }}' AND e.batch_date = f.batch_date AND f.is_full
INNER JOIN received.standing_reading AS s ON f.load_id = s.load_id AND s.outcome = 'received'
INNER JOIN received.{{ f.name }} AS r ON s.load_id = r.load_id AND s.reading = r.reading
WHERE r.{{ f.key }} IS NOT NULL AND f.load_id NOT IN (SELECT p.load_id FROM ops.replaced_full AS p)
