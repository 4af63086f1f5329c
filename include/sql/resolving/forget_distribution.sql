-- Reads: new_reading.
DELETE FROM resolved.distribution
WHERE
    feed = '{{ f.name }}'
    AND EXISTS (
        SELECT 1
        FROM (
            {% include "resolving/touched_month.sql" %}

        ) AS t
        WHERE resolved.distribution.site = t.site AND resolved.distribution.month = t.month
    )
