SELECT
    c.load_id,
    f.source,
    c.feed,
    c.row_number,
    c.column_name,
    c.record_key,
    c.patient_id,
    CAST(c.payload AS JSON) ->> c.column_name AS text,
    c.rule_ids,
    r.remedy,
    c.payload,
    c.content,
    c.state,
    c.reason,
    c.decided_by,
    c.decided_at
FROM resolved.cell AS c
INNER JOIN received.file AS f ON c.load_id = f.load_id
LEFT JOIN reference.rule AS r ON SPLIT_PART(c.rule_ids, ',', 1) = r.rule_id
WHERE c.state IS NOT NULL
