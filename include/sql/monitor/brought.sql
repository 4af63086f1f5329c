-- What a night brought into the record: how many keys of each kind came for the first time, and of how many patients.
{% set kinds = ("patients", "procedures", "exams", "reports", "adverse_events", "deaths") %}
WITH
came AS (
{% for what in kinds %}
    SELECT
        '{{ what }}' AS what,
        '{{ "visits" if what == "deaths" else what }}' AS feed,
        load_id,
        row_number,
        reading,
        patient_id
    FROM received.{{ "visits" if what == "deaths" else what }}
    WHERE status <> 'cancelled'{{ " AND vital_status = 'dead'" if what == "deaths" }}
{{ "    UNION ALL" if not loop.last }}
{% endfor %}
),

counted AS (
    SELECT
        c.what,
        COUNT(*) AS entries,
        COUNT(DISTINCT c.patient_id) AS patients
    FROM came AS c
    INNER JOIN resolved.reading AS d ON c.load_id = d.load_id AND c.reading = d.reading
    INNER JOIN received.file AS f ON c.load_id = f.load_id AND f.batch_date = CAST(:day AS DATE)
    LEFT JOIN resolved.fate AS x
        ON c.feed = x.feed AND c.load_id = x.load_id AND c.row_number = x.row_number AND c.reading = x.reading
    WHERE COALESCE(x.version_state = 'current', x.load_id IS NULL)
    GROUP BY c.what
)

SELECT
    k.what,
    COALESCE(CASE k.what WHEN 'deaths' THEN n.patients ELSE n.entries END, 0) AS entries,
    COALESCE(n.patients, 0) AS patients
FROM (
    VALUES
{% for what in kinds %}
    ({{ loop.index }}, '{{ what }}'){{ "," if not loop.last }}
{% endfor %}
) AS k (place, what)
LEFT JOIN counted AS n ON k.what = n.what
ORDER BY k.place ASC
