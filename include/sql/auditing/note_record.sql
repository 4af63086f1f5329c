INSERT INTO quarantine.decision (
    decision_id, subject, load_id, row_number, from_state, to_state, rule_ids, decided_by, decided_at, reason
)
SELECT
    c.load_id || '-' || CAST(c.row_number AS TEXT) || '-' || CAST(COUNT(d.decision_id) + 1 AS TEXT) AS decision_id,
    'record' AS subject,
    c.load_id,
    c.row_number,
    c.from_state,
    c.to_state,
    c.rule_ids,
    COALESCE(c.decided_by, 'registry') AS decided_by,
    CAST(:now AS TIMESTAMP) AS decided_at,
    c.reason
FROM ops.changed_record AS c
LEFT JOIN quarantine.decision AS d ON c.load_id = d.load_id AND c.row_number = d.row_number
GROUP BY c.load_id, c.row_number, c.from_state, c.to_state, c.rule_ids, c.decided_by, c.reason
