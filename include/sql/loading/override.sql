-- A failing row whose values a person has declared right is not set aside.
UPDATE failing
SET is_overridden = TRUE
WHERE
    rule_id = :rule_id
    AND row_number IN (
        SELECT r.row_number
        FROM staged_rows AS r
        INNER JOIN staged AS s ON r.row_number = s.row_number
        INNER JOIN quarantine.override AS o ON r."{{ key }}" = o.record_key AND o.value_hash = {{ hash }}
        WHERE o.feed = '{{ feed }}' AND o.rule_id = :rule_id AND o.ended_at IS NULL
    )
