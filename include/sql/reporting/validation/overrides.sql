SELECT
    o.feed,
    o.rule_id,
    r.description,
    COUNT(*) AS overrides,
    MIN(o.decided_at) AS first_decided_at,
    MAX(o.decided_at) AS last_decided_at
FROM quarantine.override AS o
LEFT JOIN reference.rule AS r ON o.rule_id = r.rule_id
WHERE o.ended_at IS NULL
GROUP BY o.feed, o.rule_id, r.description
ORDER BY COUNT(*) DESC, o.feed ASC, o.rule_id ASC
