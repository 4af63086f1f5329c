-- Reads: touched_month.
DELETE FROM resolved.column_count
WHERE
    feed = '{{ f.name }}'
{% if not everything %}
    AND EXISTS (
        SELECT 1
        FROM touched_month AS t
        WHERE resolved.column_count.site = t.site AND resolved.column_count.month = t.month
    )
{% endif %}
