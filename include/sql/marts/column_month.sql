{% set months = 37 %}
-- What columns say in each month of the latest three years: counts of persons, and of numbers the median. The older
-- ones are there for what is usual (marts.column_usual).
SELECT
    c.month,
    c.site,
    d.source,
    c.feed,
    c.column_name,
    c.analyte,
    c.measure,
    c.code,
    c.patients,
    c.denominator,
    CASE WHEN c.measure IN ('filled', 'code') THEN 100.0 * c.patients / NULLIF(c.denominator, 0) END AS percent,
    c.value,
    a.canonical_unit AS unit
FROM resolved.column_count AS c
INNER JOIN reference.feed AS d ON c.feed = d.feed
LEFT JOIN reference.analyte AS a ON c.analyte = a.analyte
WHERE c.month > (SELECT MAX(batch_date) - INTERVAL '{{ months }}' MONTH FROM received.file)
