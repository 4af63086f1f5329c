CREATE TEMPORARY TABLE replayed AS
SELECT
    r.row_number,
    COALESCE(t.fate, 'quarantined') AS fate,
    f.rule_ids,
    r.row_number IN (SELECT o.row_number FROM failing AS o WHERE o.is_overridden) AS is_overridden
FROM staged_rows AS r
LEFT JOIN fate AS t ON r.row_number = t.row_number
LEFT JOIN (
    {% include "loading/set_aside.sql" %}
) AS f ON r.row_number = f.row_number
