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
    CASE WHEN f.is_overridden THEN {{ content }} END,
    CAST(:now AS TIMESTAMP)
FROM failing AS f
INNER JOIN staged_rows AS r ON f.row_number = r.row_number
WHERE
    f.level <> 'lifespan'
    {% if loaded %}
    OR f.row_number IN (SELECT t.row_number FROM fate AS t WHERE t.is_first)
    {% endif %}
