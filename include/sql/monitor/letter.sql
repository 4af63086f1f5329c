-- The open rows and cells of a department with the rules that nobody has overridden, and what to do.
SELECT DISTINCT
    COALESCE(f.site, '') AS site,
    q.feed,
    f.batch_date,
    f.file_name,
    q.row_number,
    q.record_key,
    x.rule_id,
    r.description,
    r.remedy
FROM (
    SELECT
        load_id,
        row_number,
        feed,
        record_key,
        rule_ids
    FROM quarantine.record
    WHERE source = :source AND state = 'open'
    UNION ALL
    SELECT
        load_id,
        row_number,
        feed,
        record_key,
        rule_ids
    FROM quarantine.cell
    WHERE source = :source AND state = 'open'
) AS q
INNER JOIN received.file AS f ON q.load_id = f.load_id
LEFT JOIN quarantine.failure AS x
    ON q.load_id = x.load_id AND q.row_number = x.row_number AND x.severity = 'critical' AND NOT x.is_overridden
LEFT JOIN reference.rule AS r ON x.rule_id = r.rule_id
WHERE CAST(:site AS TEXT) IS NULL OR f.site = :site
ORDER BY site ASC, q.feed ASC, f.batch_date DESC, f.file_name ASC, q.row_number ASC, x.rule_id ASC NULLS LAST
LIMIT :most
