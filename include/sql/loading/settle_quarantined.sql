INSERT INTO quarantine.record (
    load_id, source, feed, row_number, record_key, patient_id, rule_ids, payload, state
)
SELECT
    load_id,
    '{{ source }}',
    '{{ feed }}',
    row_number,
    record_key,
    patient_id,
    rule_ids,
    payload,
    'open'
FROM settled
WHERE old_state <> 'waiting' AND new_state = 'quarantined' AND rule_ids IS NOT NULL
