-- Each values of each override, and when people said otherwise.
SELECT
    CAST(decision_id AS TEXT) || '-'
    || CAST(
        ROW_NUMBER() OVER (PARTITION BY decision_id ORDER BY feed ASC, record_key ASC, rule_id ASC, value_hash ASC)
        AS TEXT
    ) AS override_id,
    feed,
    record_key,
    rule_id,
    value_hash,
    decided_by,
    decided_at,
    reason,
    CASE WHEN undone_at < COALESCE(next_at, undone_at) THEN undone_at ELSE COALESCE(next_at, undone_at) END AS ended_at
FROM (
    SELECT
        e.decision_id,
        e.kind,
        s.feed,
        s.record_key,
        s.rule_id,
        s.value_hash,
        e.decided_by,
        e.decided_at,
        e.reason,
        u.decided_at AS undone_at,
        LEAD(e.decided_at) OVER (
            PARTITION BY s.feed, s.record_key, s.rule_id, s.value_hash ORDER BY e.decision_id ASC
        ) AS next_at
    FROM decision.event AS e
    INNER JOIN decision.subject AS s ON e.decision_id = s.decision_id
    LEFT JOIN (
        SELECT
            undoes,
            MIN(decided_at) AS decided_at
        FROM decision.event
        WHERE kind = 'undo'
        GROUP BY undoes
    ) AS u ON e.decision_id = u.undoes
    WHERE s.rule_id IS NOT NULL
) AS said
WHERE kind = 'override'
