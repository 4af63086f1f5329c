INSERT INTO quarantine.failure (
    load_id, row_number, rule_id, severity, feed, record_key, patient_id, is_overridden, override_id, content, found_at
)
SELECT
    CAST(:load_id AS TEXT),
    f.row_number,
    f.rule_id,
    f.severity,
    '{{ feed }}',
    r."{{ key }}",
    r.patient_id,
    f.is_overridden,
    f.override_id,
    {% if overridden %}CASE WHEN f.is_overridden THEN {{ content }} END{% else %}NULL{% endif %},
    CAST(:now AS TIMESTAMP)
FROM (
    SELECT *
    FROM failing
    WHERE level <> 'lifespan'
    {% if loaded %}
    UNION ALL
    SELECT l.*
    FROM failing AS l
    INNER JOIN fate AS t ON l.row_number = t.row_number
    WHERE l.level = 'lifespan' AND t.is_first
    {% endif %}
) AS f
INNER JOIN staged_rows AS r ON f.row_number = r.row_number
