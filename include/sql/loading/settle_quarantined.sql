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
WHERE old_state IN ('current', 'past') AND new_state = 'quarantined'
