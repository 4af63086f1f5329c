-- Rows of a feed as they are kept, set aside or not, oldest first: all of a key, or a patient's of one day that count.
-- Of very many the latest are told, with their number, and always the row that is asked about.
SELECT *
FROM (
    SELECT
{% for column in contract.names %}
        r."{{ column }}",
{% endfor %}
        r.load_id AS at_load,
        r.row_number AS at_row,
        f.batch_date AS at_day,
        COALESCE(x.state, x.version_state, 'current') AS at_state,
        COUNT(*) OVER () AS at_total,
        ROW_NUMBER() OVER (
            ORDER BY f.batch_date ASC, f.file_order ASC, f.delivery ASC, r.load_id ASC, r.row_number ASC
        ) AS at_place
{% if of_day %}
    FROM received.{{ contract.feed }} AS r
{% else %}
    FROM (
        SELECT * FROM received.{{ contract.feed }} WHERE load_id = :load_id AND row_number = :row_number
        UNION ALL
        SELECT * FROM received.{{ contract.feed }}
        WHERE "{{ contract.key }}" = :key AND NOT (load_id = :load_id AND row_number = :row_number)
    ) AS r
{% endif %}
    INNER JOIN resolved.reading AS d ON r.load_id = d.load_id AND r.reading = d.reading
    INNER JOIN received.file AS f ON r.load_id = f.load_id
    LEFT JOIN resolved.fate AS x
        ON x.feed = '{{ contract.feed }}' AND r.load_id = x.load_id AND r.row_number = x.row_number AND r.reading = x.reading
    WHERE
{% if of_day %}
        r.patient_id = :patient_id
        AND CAST(r."{{ contract.event_date }}" AS DATE) = CAST(:day AS DATE)
        AND COALESCE(x.version_state = 'current' OR x.state IN ('open', 'waiting'), x.load_id IS NULL)
{% else %}
        COALESCE(x.fate, '') <> 'void'
        AND ((r.load_id = :load_id AND r.row_number = :row_number) OR COALESCE(x.fate, '') <> 'unchanged')
{% endif %}
) AS told
WHERE at_place > at_total - :most OR (at_load = :load_id AND at_row = :row_number)
ORDER BY at_place ASC
