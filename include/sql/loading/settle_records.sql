-- What a version's move means for its record.
UPDATE quarantine.record
SET
    state = CASE
        WHEN m.move = 'stays' THEN quarantine.record.state
        WHEN m.move = 'set aside' THEN 'open'
        WHEN m.move = 'waits' THEN 'waiting'
        WHEN m.is_overridden THEN 'overridden'
        ELSE 'corrected'
    END,
    rule_ids = COALESCE(m.rule_ids, quarantine.record.rule_ids),
    reason = CASE
        WHEN m.move = 'stays' THEN quarantine.record.reason
        WHEN m.move = 'set aside' THEN NULL
        WHEN m.move = 'announced' THEN 'the patient was announced'
        WHEN m.is_overridden THEN :why
        WHEN m.move = 'waits' THEN 'the clinic has not announced the patient yet'
        ELSE 'the patient''s birth or death, or whose key it is, was corrected'
    END,
    decided_by = CASE
        WHEN m.move = 'stays' THEN quarantine.record.decided_by
        WHEN m.move = 'set aside' THEN NULL
        WHEN m.move IN ('released', 'waits') AND m.is_overridden THEN :who
        WHEN m.move = 'waits' THEN NULL
        ELSE 'registry'
    END,
    decided_at = CASE
        WHEN m.move = 'stays' THEN quarantine.record.decided_at
        WHEN m.move <> 'set aside' THEN CAST(:now AS TIMESTAMP)
    END
FROM (
    SELECT
        s.load_id,
        s.row_number,
        s.rule_ids,
        s.is_overridden,
        CASE
            WHEN s.new_state = 'quarantined' AND (s.old_state = 'quarantined' OR q.state = 'open') THEN 'stays'
            WHEN s.new_state = 'quarantined' THEN 'set aside'
            WHEN s.new_state = 'waiting' THEN 'waits'
            WHEN s.old_state = 'waiting' THEN 'announced'
            ELSE 'released'
        END AS move
    FROM settled AS s
    INNER JOIN quarantine.record AS q ON s.load_id = q.load_id AND s.row_number = q.row_number
    WHERE
        q.feed = '{{ feed }}'
        AND (s.new_state = 'quarantined' OR s.old_state IN ('waiting', 'quarantined'))
        AND NOT (s.old_state = 'waiting' AND s.new_state = 'waiting')
) AS m
WHERE quarantine.record.load_id = m.load_id AND quarantine.record.row_number = m.row_number
