INSERT INTO quarantine.record (
    load_id, source, feed, row_number, record_key, patient_id, rule_ids, payload, content, state, audited_state
)
SELECT
    s.load_id,
    '{{ source }}',
    '{{ feed }}',
    s.row_number,
    s.record_key,
    s.patient_id,
    s.rule_ids,
    s.payload,
    s.content,
    'open',
    'open'
FROM settled AS s
WHERE
    s.old_state IN ('current', 'past')
    AND s.new_state = 'quarantined'
    AND NOT EXISTS (
        SELECT 1
        FROM quarantine.record AS q
        WHERE q.load_id = s.load_id AND q.row_number = s.row_number
    )
