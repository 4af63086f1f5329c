{% from 'resolving/of_few.sql' import of_few with context %}
{% from 'resolving/column_month.sql' import month_of with context %}
-- Reads: new_reading, fate, previous. Makes: touched_month.
-- The months of a site whose rows count otherwise now: new rows, versions that come or go, rows of patients of whom
-- something else is known.
CREATE TEMPORARY TABLE touched_month AS
SELECT DISTINCT
    COALESCE(a.site, '') AS site,
    {{ month_of(f.contract, 'w') }} AS month
FROM (
    SELECT
        n.load_id,
        r.row_number,
        n.reading
    FROM received.{{ f.name }} AS r
    INNER JOIN new_reading AS n ON r.load_id = n.load_id AND r.reading = n.reading AND n.is_new{{ of_few(loads, 'r') }}
    LEFT JOIN fate AS t ON r.load_id = t.load_id AND r.row_number = t.row_number AND r.reading = t.reading
    WHERE t.load_id IS NULL
    UNION
    SELECT
        v.load_id,
        v.row_number,
        v.reading
    FROM (
        {% include "resolving/changed_version.sql" %}

    ) AS v
    UNION
    SELECT
        o.load_id,
        o.row_number,
        o.reading
    FROM received.{{ f.name }} AS o
    WHERE o.patient_id IN (SELECT d.patient_id FROM resolved.due AS d WHERE d.feed = '{{ f.name }}')
) AS c
INNER JOIN received.{{ f.name }} AS w ON c.load_id = w.load_id AND c.row_number = w.row_number AND c.reading = w.reading
INNER JOIN received.file AS a ON c.load_id = a.load_id
