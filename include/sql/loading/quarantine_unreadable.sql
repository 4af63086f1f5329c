INSERT INTO quarantine.record (
    load_id, source, feed, row_number, rule_ids, payload, content, state, audited_state
)
SELECT
    CAST(:load_id AS TEXT),
    '{{ source }}',
    '{{ feed }}',
    row_number,
    'file.row.unreadable',
    CAST({{ json_object }}('line', line, 'text', text) AS TEXT),
    MD5(text),
    'open',
    'open'
FROM rejected_lines
