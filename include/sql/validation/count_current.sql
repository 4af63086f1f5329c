-- The rows that count (clinical.current_{{ feed }}), from what was counted when they were resolved.
{% if feed in ("patients", "merges") %}
SELECT COUNT(*)
FROM clinical.current_{{ feed }}
{% else %}
SELECT CAST(SUM(c.records) AS BIGINT)
FROM (
    SELECT SUM(numerator) AS records
    FROM resolved.row_count
    WHERE feed = '{{ feed }}' AND what = 'records'
    UNION ALL
    SELECT -COUNT(*) AS records
    FROM resolved.fate
    WHERE feed = '{{ feed }}' AND NOT is_cancelled AND version_state IS DISTINCT FROM 'current'
    UNION ALL
    SELECT -COUNT(*) AS records
    FROM ops.orphan
    WHERE feed = '{{ feed }}'
) AS c
{% endif %}
