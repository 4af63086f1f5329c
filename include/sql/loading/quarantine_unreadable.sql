INSERT INTO quarantine.record (
    load_id, source, feed, row_number, rule_ids, payload, state, audited_state
)
SELECT
    CAST(:load_id AS TEXT),
    '{{ source }}',
    '{{ feed }}',
    row_number,
    'file.row.unreadable',
    CAST({{ json_object }}('line', line, 'text', text) AS TEXT),
    'open',
    'open'
FROM rejected_lines
