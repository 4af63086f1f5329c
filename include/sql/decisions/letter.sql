{% from 'decisions/selected.sql' import aside, selected with context %}
-- What a department is asked to look at: rows and cells with the rules that nobody has overridden, what to do, and what
-- people noted for the department.
SELECT DISTINCT
    COALESCE(f.site, '') AS site,
    q.feed,
    f.batch_date,
    f.file_name,
    q.row_number,
    q.record_key,
    x.rule_id,
    r.description,
    r.remedy,
    n.note
FROM (
    {{ aside() }}
) AS q
INNER JOIN received.file AS f ON q.load_id = f.load_id
LEFT JOIN quarantine.failure AS x
    ON q.load_id = x.load_id AND q.row_number = x.row_number AND x.severity = 'critical' AND NOT x.is_overridden
LEFT JOIN reference.rule AS r ON x.rule_id = r.rule_id
LEFT JOIN (
    SELECT
        s.feed,
        s.content,
        STRING_AGG(e.reason, '; ' ORDER BY e.decision_id) AS note
    FROM decision.event AS e
    INNER JOIN decision.subject AS s ON e.decision_id = s.decision_id
    LEFT JOIN decision.event AS u ON e.decision_id = u.undoes
    WHERE e.kind = 'note' AND u.decision_id IS NULL
    GROUP BY s.feed, s.content
) AS n ON q.feed = n.feed AND q.content = n.content
WHERE
    {{ selected('q.') }}
ORDER BY site ASC, q.feed ASC, f.batch_date DESC, f.file_name ASC, q.row_number ASC, x.rule_id ASC NULLS LAST
LIMIT :most
