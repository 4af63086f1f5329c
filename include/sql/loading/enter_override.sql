INSERT INTO quarantine.override (
    override_id, feed, record_key, rule_id, value_hash, decided_by, decided_at, reason
)
SELECT DISTINCT
    MD5(
        '{{ feed }}' || CHR(31) || r."{{ key }}" || CHR(31) || f.rule_id || CHR(31) || {{ hash }} || CAST(:now AS TEXT)
    ),
    '{{ feed }}',
    r."{{ key }}",
    f.rule_id,
    {{ hash }},
    :who,
    CAST(:now AS TIMESTAMP),
    :why
FROM failing AS f
INNER JOIN staged_rows AS r ON f.row_number = r.row_number
INNER JOIN staged AS s ON f.row_number = s.row_number
WHERE
    f.rule_id = :rule_id
    AND r."{{ key }}" IS NOT NULL
    AND NOT EXISTS (
        SELECT 1
        FROM quarantine.override AS o
        WHERE
            o.feed = '{{ feed }}'
            AND o.record_key = r."{{ key }}"
            AND o.rule_id = f.rule_id
            AND o.value_hash = {{ hash }}
            AND o.ended_at IS NULL
    )
    AND f.row_number IN (SELECT c.row_number FROM chosen AS c)
