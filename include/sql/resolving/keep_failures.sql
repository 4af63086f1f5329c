-- Reads: failed, fate.
INSERT INTO resolved.failure (
    feed, load_id, row_number, reading, rule_id, severity, record_key, patient_id, value_hash, counts
)
SELECT
    '{{ f.name }}' AS feed,
    m.load_id,
    m.row_number,
    m.reading,
    m.rule_id,
    m.severity,
    m.record_key,
    m.patient_id,
    m.value_hash,
    t.counts
FROM failed AS m
INNER JOIN fate AS t ON m.load_id = t.load_id AND m.row_number = t.row_number AND m.reading = t.reading
WHERE m.is_late
