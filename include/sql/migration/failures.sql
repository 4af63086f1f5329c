-- Of files that were not loaded; what a value was is not known, so no override is about it.
INSERT INTO received.failure (load_id, reading, row_number, feed, rule_id, severity, record_key, patient_id)
SELECT
    f.load_id,
    r.reading,
    f.row_number,
    f.feed,
    f.rule_id,
    f.severity,
    f.record_key,
    f.patient_id
FROM before.failure AS f
INNER JOIN received.reading AS r ON f.load_id = r.load_id
LEFT JOIN before.rule AS l ON f.rule_id = l.rule_id
WHERE COALESCE(l.level, 'row') = 'row'
