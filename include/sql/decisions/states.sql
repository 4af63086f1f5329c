-- Reads: chosen_record{% if values %}, chosen_failure{% endif %}.
-- What became of the chosen rows, of the records that say the same, and of rows with the values that it is about.
SELECT
    COALESCE(q.state, x.fate, 'loaded') AS state,
    COUNT(*) AS record_count
FROM (
    SELECT
        load_id,
        row_number
    FROM chosen_record
    UNION
    SELECT
        r.load_id,
        r.row_number
    FROM quarantine.record AS r
    INNER JOIN chosen_record AS c ON r.feed = c.feed AND r.content = c.content
{% if values %}
    UNION
    SELECT
        f.load_id,
        f.row_number
    FROM received.failure_in_force AS f
    INNER JOIN chosen_failure AS c
        ON f.feed = c.feed AND f.record_key = c.record_key AND f.rule_id = c.rule_id AND f.value_hash = c.value_hash
    INNER JOIN resolved.reading AS d ON f.load_id = d.load_id
    LEFT JOIN resolved.fate AS o ON f.load_id = o.load_id AND f.row_number = o.row_number AND f.reading = o.reading
    WHERE o.state IS DISTINCT FROM 'rejected'
{% endif %}
) AS c
LEFT JOIN quarantine.record AS q ON c.load_id = q.load_id AND c.row_number = q.row_number
LEFT JOIN resolved.fate AS x ON c.load_id = x.load_id AND c.row_number = x.row_number AND x.fate <> 'void'
GROUP BY COALESCE(q.state, x.fate, 'loaded')
ORDER BY COALESCE(q.state, x.fate, 'loaded') ASC
