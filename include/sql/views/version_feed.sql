-- Every version of the feed's rows: those that no rule about the row alone sets aside, and that repeat no other.
SELECT
    {{ columns }},
    r.load_id,
    r.row_number,
    COALESCE(x.last_load_id, r.load_id) AS last_load_id,
    COALESCE(x.last_row_number, r.row_number) AS last_row_number,
    COALESCE(a.site, '') AS site,
    b.batch_date,
    a.batch_date AS first_batch_date,
    COALESCE(CASE WHEN x.fate IN ('loaded', 'updated') THEN x.fate END, 'loaded') AS arrival,
    COALESCE(x.version_state, 'current') AS version_state
FROM received.{{ f.name }} AS r
INNER JOIN resolved.reading AS d ON r.load_id = d.load_id AND r.reading = d.reading
INNER JOIN received.file AS a ON r.load_id = a.load_id
LEFT JOIN resolved.fate AS x
    ON x.feed = '{{ f.name }}' AND r.load_id = x.load_id AND r.row_number = x.row_number AND r.reading = x.reading
INNER JOIN received.file AS b ON COALESCE(x.last_load_id, r.load_id) = b.load_id
WHERE x.load_id IS NULL OR x.version_state IS NOT NULL
