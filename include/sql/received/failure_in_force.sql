SELECT
    f.load_id,
    f.reading,
    f.row_number,
    f.feed,
    f.rule_id,
    f.severity,
    COALESCE(f.level, 'row') AS level,
    f.record_key,
    f.patient_id,
    f.value_hash
FROM received.failure AS f
INNER JOIN received.standing_reading AS s ON f.load_id = s.load_id
LEFT JOIN (
    SELECT
        load_id,
        row_number,
        MAX(reading) AS reading
    FROM received.reread
    GROUP BY load_id, row_number
) AS again ON f.load_id = again.load_id AND f.row_number = again.row_number
WHERE f.reading = GREATEST(s.reading, COALESCE(again.reading, 0))
