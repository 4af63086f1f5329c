SELECT
    c.from_state,
    c.to_state
FROM ops.changed_{{ subject }} AS c
LEFT JOIN reference.state_transition AS t
    ON
        t.subject = '{{ subject }}'
        AND c.from_state = t.from_state
        AND c.to_state = t.to_state
        AND CASE WHEN c.decided_by IS NULL OR c.decided_by = 'registry' THEN 'registry' ELSE 'person' END = t.decided_by
WHERE t.subject IS NULL
LIMIT 1
