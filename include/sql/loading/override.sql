-- A failing row whose values a person has declared right is not set aside.
UPDATE failing
SET
    is_overridden = TRUE,
    override_id = m.override_id
FROM (
    SELECT
        r.row_number,
        MIN(o.override_id) AS override_id
    FROM staged_rows AS r
    INNER JOIN staged AS s ON r.row_number = s.row_number
    INNER JOIN quarantine.override AS o ON r."{{ key }}" = o.record_key AND o.value_hash = {{ hash }}
    WHERE o.feed = '{{ feed }}' AND o.rule_id = :rule_id AND o.ended_at IS NULL
    GROUP BY r.row_number
) AS m
WHERE failing.rule_id = :rule_id AND failing.row_number = m.row_number
