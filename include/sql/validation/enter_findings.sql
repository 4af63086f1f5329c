INSERT INTO quarantine.failure (
    load_id, row_number, rule_id, severity, feed, record_key, patient_id, is_overridden, found_at
)
SELECT DISTINCT
    f.load_id,
    f.row_number,
    f.rule_id,
    f.severity,
    f.feed,
    v."{{ key }}",
    v.patient_id,
    FALSE,
    CAST(:now AS TIMESTAMP)
FROM finding AS f
INNER JOIN scope.{{ feed }} AS v ON f.load_id = v.load_id AND f.row_number = v.row_number
WHERE f.feed = '{{ feed }}'
