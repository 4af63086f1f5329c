SELECT
    x.load_id,
    f.source,
    x.feed,
    x.row_number,
    x.record_key,
    x.patient_id,
    x.rule_ids,
    x.payload,
    x.content,
    x.state,
    CASE
        WHEN x.state <> 'waiting' OR x.reason IS NOT NULL THEN x.reason
        WHEN a.record_key IS NOT NULL THEN 'the row that announces its patient is set aside itself'
        WHEN p.patient_id IS NOT NULL THEN 'its patient''s id is merged into another one, and neither is announced'
        ELSE 'nobody has announced a patient with this id'
    END AS reason,
    x.decided_by,
    x.decided_at
FROM resolved.fate AS x
INNER JOIN received.file AS f ON x.load_id = f.load_id
LEFT JOIN (
    SELECT DISTINCT record_key
    FROM resolved.fate
    WHERE feed = 'patients' AND state = 'open'
) AS a ON x.patient_id = a.record_key
LEFT JOIN clinical.person AS p ON x.patient_id = p.patient_id
WHERE x.state IS NOT NULL
UNION ALL
SELECT
    l.load_id,
    l.source,
    l.feed,
    l.row_number,
    CAST(NULL AS TEXT) AS record_key,
    CAST(NULL AS TEXT) AS patient_id,
    'file.row.unreadable' AS rule_ids,
    l.payload,
    l.content,
    CASE WHEN d.kind = 'reject' THEN 'rejected' ELSE 'open' END AS state,
    d.reason,
    d.decided_by,
    d.decided_at
FROM received.line AS l
INNER JOIN resolved.reading AS z ON l.load_id = z.load_id AND l.reading = z.reading
INNER JOIN received.standing_reading AS s ON l.load_id = s.load_id AND l.reading = s.reading
LEFT JOIN decision.in_force AS d ON l.feed = d.feed AND d.record_key IS NULL AND l.content = d.content
