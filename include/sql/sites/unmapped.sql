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
        r.row_number,
        '{{ column }}' AS column_name,
        r."{{ column }}" AS said,
        {{ "CONCAT_WS(' ', r.test_code, r.test_name)" if f.measured else "CAST(NULL AS TEXT)" }} AS test
    FROM received.{{ f.name }} AS r
    INNER JOIN failing AS f
        ON r.load_id = f.load_id AND r.row_number = f.row_number AND r.reading = f.reading AND f.rule_id = '{{ rule_id }}'
{{ "    UNION ALL" if not loop.last }}
{% endfor %}
),

numbered AS (
    SELECT
        COALESCE(l.site, '') AS site,
        l.feed,
        l.batch_date,
        s.column_name,
        s.said,
        s.load_id,
        s.row_number,
        s.test,
        ROW_NUMBER() OVER (
            PARTITION BY COALESCE(l.site, ''), s.column_name, s.said ORDER BY l.batch_date DESC, s.load_id ASC, s.row_number ASC
        ) AS place,
        DENSE_RANK() OVER (
            PARTITION BY COALESCE(l.site, ''), s.column_name, s.said ORDER BY s.test ASC NULLS LAST
        ) AS test_place
    FROM said AS s
    INNER JOIN received.file AS l ON s.load_id = l.load_id
    WHERE s.said IS NOT NULL
)

SELECT
    site,
    feed,
    column_name AS "column",
    said AS text,
    COUNT(*) AS rows,
    CAST(MIN(batch_date) AS TEXT) AS first_batch_date,
    CAST(MAX(batch_date) AS TEXT) AS last_batch_date,
    STRING_AGG(CASE WHEN place <= 5 THEN load_id || ':' || CAST(row_number AS TEXT) END, ', ' ORDER BY place ASC) AS places,
    STRING_AGG(DISTINCT CASE WHEN test_place <= 5 THEN test END, ', ') AS tests
FROM numbered
GROUP BY site, feed, column_name, said
