SELECT
    load_id,
    row_number,
    audited_state AS from_state,
    state AS to_state,
    rule_ids,
    decided_by,
    reason
FROM quarantine.record
WHERE state <> audited_state
