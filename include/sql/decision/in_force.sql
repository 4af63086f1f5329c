SELECT
    decision_id,
    kind,
    decided_by,
    decided_at,
    reason,
    feed,
    record_key,
    content,
    rule_id,
    value_hash,
    load_id
FROM (
    SELECT
        e.decision_id,
        e.kind,
        e.decided_by,
        e.decided_at,
        e.reason,
        s.feed,
        s.record_key,
        s.content,
        s.rule_id,
        s.value_hash,
        s.load_id,
        ROW_NUMBER() OVER (
            PARTITION BY s.feed, s.record_key, s.content, s.rule_id, s.value_hash, s.load_id
            ORDER BY e.decision_id DESC
        ) AS from_last
    FROM decision.event AS e
    INNER JOIN decision.subject AS s ON e.decision_id = s.decision_id
    WHERE
        e.kind <> 'note'
        AND NOT EXISTS (SELECT 1 FROM decision.event AS u WHERE u.kind = 'undo' AND u.undoes = e.decision_id)
) AS said
WHERE from_last = 1
