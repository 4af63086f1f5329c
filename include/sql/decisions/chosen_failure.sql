-- Reads: chosen_record. Makes: chosen_failure.
-- The critical rules that the chosen rows fail, by themselves or late, each with who has overridden it.
CREATE TEMPORARY TABLE chosen_failure AS
SELECT
    c.load_id,
    c.row_number,
    c.feed,
    c.record_key,
    f.rule_id,
    f.value_hash,
    f.level,
    d.decision_id
FROM chosen_record AS c
INNER JOIN (
    SELECT
        load_id,
        row_number,
        reading,
        rule_id,
        value_hash,
        level
    FROM received.failure_in_force
    WHERE severity = 'critical'
    UNION ALL
    SELECT
        l.load_id,
        l.row_number,
        l.reading,
        l.rule_id,
        l.value_hash,
        'lifespan' AS level
    FROM resolved.failure AS l
    LEFT JOIN resolved.fate AS x
        ON l.load_id = x.load_id AND l.row_number = x.row_number AND l.reading = x.reading
    WHERE l.severity = 'critical' AND x.fate IS DISTINCT FROM 'void'
) AS f ON c.load_id = f.load_id AND c.row_number = f.row_number
LEFT JOIN decision.in_force AS d
    ON
        d.kind = 'override'
        AND c.feed = d.feed
        AND c.record_key = d.record_key
        AND f.rule_id = d.rule_id
        AND f.value_hash = d.value_hash
