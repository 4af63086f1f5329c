{% from 'decisions/selected.sql' import aside with context %}
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
    {{ aside() }}
) AS q
INNER JOIN received.file AS f ON q.load_id = f.load_id
LEFT JOIN quarantine.failure AS x
    ON q.load_id = x.load_id AND q.row_number = x.row_number AND x.severity = 'critical' AND NOT x.is_overridden
LEFT JOIN reference.rule AS r ON x.rule_id = r.rule_id
WHERE q.source = :source AND q.state = 'open' AND (CAST(:site AS TEXT) IS NULL OR f.site = :site)
ORDER BY site ASC, q.feed ASC, f.batch_date DESC, f.file_name ASC, q.row_number ASC, x.rule_id ASC NULLS LAST
LIMIT :most
