-- Reads: staged, failing.
-- How many rows of each file fail a critical rule that nobody has overridden for their values.
SELECT
    s.file_number,
    COUNT(DISTINCT s.row_number) AS failing
FROM failing AS f
INNER JOIN staged AS s ON f.row_number = s.row_number
LEFT JOIN decision.in_force AS d
    ON
        d.kind = 'override'
        AND d.feed = '{{ f.name }}'
        AND s.{{ f.key }} = d.record_key
        AND f.rule_id = d.rule_id
        AND {% include "receiving/value_hash.sql" %} = d.value_hash
WHERE f.severity = 'critical' AND d.decision_id IS NULL
GROUP BY s.file_number
