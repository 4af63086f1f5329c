-- The rows that count, of files of an export, whose key nobody has sent since, and the latest full export has not.
{% for contract in feeds %}
SELECT
    e.site,
    e.export,
    e.source,
    e.feed,
    e.batch_date,
    e.load_id AS full_load_id,
    a.record_key,
    r.load_id,
    r.row_number,
    r.reading
FROM resolved.absent AS a
INNER JOIN ops.full_export AS e ON a.site = e.site AND a.export = e.export AND a.feed = e.feed AND e.is_whole
INNER JOIN received.{{ contract.feed }} AS r ON a.record_key = r."{{ contract.key }}" AND r.status <> 'cancelled'
INNER JOIN resolved.reading AS d ON r.load_id = d.load_id AND r.reading = d.reading
INNER JOIN received.file AS f
    ON r.load_id = f.load_id AND e.site = f.site AND e.export = f.export AND e.patient_ids = f.patient_ids
LEFT JOIN resolved.fate AS x
    ON
        x.feed = '{{ contract.feed }}'
        AND r.load_id = x.load_id
        AND r.row_number = x.row_number
        AND r.reading = x.reading
LEFT JOIN received.file AS g ON x.last_load_id = g.load_id
WHERE
    a.feed = '{{ contract.feed }}'
    AND COALESCE(x.version_state = 'current', x.load_id IS NULL)
    AND (
        COALESCE(g.batch_date, f.batch_date) < e.batch_date
        OR COALESCE(g.load_id, f.load_id) IN (SELECT p.load_id FROM ops.replaced_full AS p WHERE p.batch_date = e.batch_date)
    )
{% if not loop.last %}UNION ALL{% endif %}

{% endfor %}
