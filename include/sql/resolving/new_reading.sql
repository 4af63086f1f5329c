-- Makes: new_reading.
-- The readings of the feed whose rows are not resolved, or all of them, or none to find deaths; one that holds a file
-- whose rows count takes them away.
CREATE TEMPORARY TABLE new_reading AS
SELECT
    r.load_id,
    r.reading,
    d.load_id IS NULL AS is_new
FROM received.reading AS r
INNER JOIN received.file AS f ON r.load_id = f.load_id
LEFT JOIN resolved.reading AS d ON r.load_id = d.load_id AND r.reading = d.reading
WHERE f.feed = '{{ f.name }}' AND {% include "resolving/says.sql" %}{% if without_death %} AND FALSE{% elif not everything %} AND d.load_id IS NULL{% endif %}

