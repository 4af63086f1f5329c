{% from 'resolving/of_few.sql' import of_few with context %}
{% from 'ops/counted.sql' import counted, event_day with context %}
-- Reads: new_reading.
INSERT INTO resolved.row_count (feed, load_id, reading, what, event_date, numerator, denominator)
WITH came AS (
    SELECT
        r.*,
        {{ event_day(f.contract, "r.") }} AS event_date,
        r.status <> 'cancelled' AS is_record,
        TRUE AS is_event
    FROM received.{{ f.name }} AS r
    INNER JOIN new_reading AS n ON r.load_id = n.load_id AND r.reading = n.reading{{ of_few(loads, 'r') }}
)

SELECT
    '{{ f.name }}' AS feed,
    c.*
FROM (
{{ counted(f.contract, "came", ["load_id", "reading"], ["load_id", "reading"]) }}
) AS c
