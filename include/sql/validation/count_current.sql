-- The rows that count (clinical.current_{{ f.name }}), from what was counted when they were resolved.
{% if f.name in ("patients", "merges") %}
SELECT COUNT(*)
FROM clinical.current_{{ f.name }}
{% else %}
SELECT CAST(SUM(c.records) AS BIGINT)
FROM (
    SELECT SUM(numerator) AS records
    FROM resolved.row_count
    WHERE feed = '{{ f.name }}' AND what = 'records'
    UNION ALL
    SELECT -COUNT(*) AS records
    FROM resolved.fate
    WHERE feed = '{{ f.name }}' AND NOT is_cancelled AND version_state IS DISTINCT FROM 'current'
    UNION ALL
    SELECT -COUNT(*) AS records
    FROM ops.orphan
    WHERE feed = '{{ f.name }}'
) AS c
{% endif %}
