-- The texts of a feed that fail such a rule, of the readings that count, by site and column.
WITH
failing AS (
    SELECT DISTINCT
        load_id,
        row_number,
        reading,
        rule_id
    FROM received.failure_in_force
    WHERE rule_id IN ({% for rule_id in columns %}'{{ rule_id }}'{{ ", " if not loop.last }}{% endfor %})
),

said AS (
{% for rule_id, column in columns.items() %}
    SELECT
        r.load_id,
        '{{ column }}' AS column_name,
        r."{{ column }}" AS said
    FROM received.{{ f.name }} AS r
    INNER JOIN failing AS f
        ON r.load_id = f.load_id AND r.row_number = f.row_number AND r.reading = f.reading AND f.rule_id = '{{ rule_id }}'
{{ "    UNION ALL" if not loop.last }}
{% endfor %}
)

SELECT
    COALESCE(l.site, '') AS site,
    l.feed,
    s.column_name AS "column",
    s.said AS text,
    COUNT(*) AS rows,
    CAST(MIN(l.batch_date) AS TEXT) AS first_batch_date,
    CAST(MAX(l.batch_date) AS TEXT) AS last_batch_date
FROM said AS s
INNER JOIN received.file AS l ON s.load_id = l.load_id
WHERE s.said IS NOT NULL
GROUP BY COALESCE(l.site, ''), l.feed, s.column_name, s.said
