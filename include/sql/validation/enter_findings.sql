-- Reads: finding, {{ table }}.
INSERT INTO resolved.finding (feed, load_id, row_number, rule_id, severity, record_key, patient_id)
SELECT DISTINCT
    f.feed,
    f.load_id,
    f.row_number,
    f.rule_id,
    f.severity,
    v.record_key,
    v.patient_id
FROM finding AS f
INNER JOIN {{ table }} AS v ON f.load_id = v.load_id AND f.row_number = v.row_number
WHERE f.feed = :feed
