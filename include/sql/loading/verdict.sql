CREATE TEMPORARY TABLE verdict AS
SELECT
    r.version_load_id AS load_id,
    r.version_row_number AS row_number,
    r."{{ key }}" AS record_key,
    f.rule_ids,
    CAST({{ json_object }}({{ payload }}) AS TEXT) AS payload,
    COALESCE(k.content, {{ content }}) AS content,
    k.load_id IS NOT NULL
    OR EXISTS (SELECT 1 FROM failing AS o WHERE o.row_number = r.row_number AND o.is_overridden) AS is_overridden
FROM staged_rows AS r
LEFT JOIN (
    SELECT
        row_number,
        STRING_AGG(rule_id, ',' ORDER BY rule_id ASC) AS rule_ids
    FROM failure
    GROUP BY row_number
) AS f ON r.row_number = f.row_number
LEFT JOIN (
    SELECT
        load_id,
        row_number,
        MAX(content) AS content
    FROM quarantine.failure
    WHERE feed = '{{ feed }}' AND is_overridden
    GROUP BY load_id, row_number
) AS k ON r.version_load_id = k.load_id AND r.version_row_number = k.row_number
