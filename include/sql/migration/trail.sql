INSERT INTO decision.before (
    decision_id, subject, load_id, row_number, from_state, to_state, rule_ids, decided_by, decided_at, reason
)
SELECT
    decision_id,
    subject,
    load_id,
    row_number,
    from_state,
    to_state,
    rule_ids,
    decided_by,
    decided_at,
    reason
FROM before.decision
