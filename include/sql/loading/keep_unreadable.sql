INSERT INTO quarantine.failure (
    load_id, row_number, rule_id, severity, feed, is_overridden, found_at
)
SELECT
    CAST(:load_id AS TEXT),
    row_number,
    'file.row.unreadable',
    'critical',
    '{{ feed }}',
    FALSE,
    CAST(:now AS TIMESTAMP)
FROM rejected_lines
