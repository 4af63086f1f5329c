INSERT INTO quarantine.record (
    load_id, source, feed, row_number, record_key, patient_id, rule_ids, payload, state, audited_state
)
SELECT
    CAST(:load_id AS TEXT),
    '{{ source }}',
    '{{ feed }}',
    r.row_number,
    r."{{ key }}",
    r.patient_id,
    f.rule_ids,
    CAST({{ json_object }}({{ payload }}) AS TEXT),
    'open',
    'open'
FROM staged_rows AS r
INNER JOIN (
    SELECT
        b.row_number,
        STRING_AGG(b.rule_id, ',' ORDER BY b.rule_id ASC) AS rule_ids
    FROM failure AS b
    LEFT JOIN fate AS t ON b.row_number = t.row_number
    WHERE (t.fate IS NULL AND b.level <> 'lifespan') OR t.fate = 'quarantined'
    GROUP BY b.row_number
) AS f ON r.row_number = f.row_number
