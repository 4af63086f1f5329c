-- A rule with its threshold; what it said lately is in the marts.
SELECT
    r.rule_id,
    r.feed,
    r.column_name,
    r.level,
    r.severity,
    r.category,
    r.context,
    r.description,
    r.remedy,
    r.owner,
    r.since_version,
    r.retired_version,
    r.replaced_by,
    t.high AS threshold_percent,
    t.minimum_rows
FROM reference.rule AS r
LEFT JOIN reference.threshold_in_force AS t ON t.kind = 'failing_' || r.severity AND r.feed = t.feed
WHERE r.rule_id = :rule_id
