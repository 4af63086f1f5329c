-- Reads: new_reading.
INSERT INTO resolved.distribution (
    site, feed, month, column_name, code,
    patients, patients_filled, rows, rows_filled, quartile_low, median, quartile_high
)
WITH delivered AS (
    SELECT
        r.load_id,
        r.reading,
        t.site,
        t.month,
        ROW_NUMBER() OVER (
            PARTITION BY t.site, a.batch_date, a.file_name ORDER BY a.delivery DESC, a.load_id ASC
        ) AS age
    FROM received.file AS a
    INNER JOIN (
        {% include "resolving/touched_month.sql" %}

    ) AS t
        ON COALESCE(a.site, '') = t.site AND CAST(DATE_TRUNC('month', a.batch_date) AS DATE) = t.month
    INNER JOIN received.standing_reading AS r ON a.load_id = r.load_id AND r.outcome = 'received'
    WHERE a.feed = '{{ f.name }}'
),

counted AS (
    SELECT
        d.site,
        d.month,
        c.column_name,
        c.code,
        c.value,
        CAST(SUM(c.patients) AS BIGINT) AS patients,
        CAST(SUM(c.patients_filled) AS BIGINT) AS patients_filled,
        CAST(SUM(c.rows) AS BIGINT) AS rows,
        CAST(SUM(c.rows_filled) AS BIGINT) AS rows_filled
    FROM resolved.column_count AS c
    INNER JOIN delivered AS d ON c.load_id = d.load_id AND c.reading = d.reading AND d.age = 1
    GROUP BY d.site, d.month, c.column_name, c.code, c.value
),

placed AS (
    SELECT
        site,
        month,
        column_name,
        code,
        value,
        SUM(rows) OVER (
            PARTITION BY site, month, column_name, code ORDER BY value ASC NULLS LAST
        ) AS rows_so_far,
        SUM(rows) OVER (PARTITION BY site, month, column_name, code) AS rows_in_all
    FROM counted
    WHERE value IS NOT NULL
),

quartile AS (
    SELECT
        site,
        month,
        column_name,
        code,
        MIN(CASE WHEN 4 * rows_so_far >= rows_in_all THEN value END) AS quartile_low,
        MIN(CASE WHEN 2 * rows_so_far >= rows_in_all THEN value END) AS median,
        MIN(CASE WHEN 4 * rows_so_far >= 3 * rows_in_all THEN value END) AS quartile_high
    FROM placed
    GROUP BY site, month, column_name, code
)

SELECT
    c.site,
    '{{ f.name }}' AS feed,
    c.month,
    c.column_name,
    c.code,
    c.patients,
    c.patients_filled,
    c.rows,
    c.rows_filled,
    q.quartile_low,
    q.median,
    q.quartile_high
FROM counted AS c
LEFT JOIN quartile AS q
    ON c.site = q.site AND c.month = q.month AND c.column_name = q.column_name AND c.code = q.code
WHERE c.value IS NULL
