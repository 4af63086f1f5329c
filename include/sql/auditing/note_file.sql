INSERT INTO quarantine.decision (
    decision_id, subject, load_id, from_state, to_state, decided_by, decided_at, reason
)
SELECT
    c.load_id || '-' || CAST(COUNT(d.decision_id) + 1 AS TEXT) AS decision_id,
    'file' AS subject,
    c.load_id,
    c.from_state,
    c.to_state,
    COALESCE(c.decided_by, 'registry') AS decided_by,
    CAST(:now AS TIMESTAMP) AS decided_at,
    c.reason
FROM ops.changed_file AS c
LEFT JOIN quarantine.decision AS d ON c.load_id = d.load_id AND d.subject = 'file'
GROUP BY c.load_id, c.from_state, c.to_state, c.decided_by, c.reason
