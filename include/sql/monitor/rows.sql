{% from 'decisions/selected.sql' import aside, selected with context %}
{% from 'monitor/sorted.sql' import by with context %}
-- Rows in quarantine and cells that are set aside alone; no other cell of theirs. Those of a decision say what it is
-- about.
SELECT
    a.load_id,
    a.row_number,
    f.batch_date,
    COALESCE(f.site, '') AS site,
    a.source,
    a.feed,
    a.column_name,
    a.record_key,
    a.state,
    COALESCE(a.rule_ids, '') AS rule_ids,
    a.decided_by,
    a.reason,
    COUNT(*) OVER () AS total
FROM (
    {{ aside() }}
) AS a
INNER JOIN received.file AS f ON a.load_id = f.load_id
LEFT JOIN (
    SELECT DISTINCT
        feed,
        content
    FROM decision.subject
    WHERE decision_id = :decision AND content IS NOT NULL
) AS d ON a.feed = d.feed AND a.content = d.content
WHERE
    {{ selected('a.') }}
    AND (CAST(:part AS TEXT) IS NULL OR (CAST(:part AS TEXT) = 'cells') = (a.column_name <> ''))
    AND (CAST(:decision AS BIGINT) IS NULL OR d.content IS NOT NULL)
ORDER BY
    {{ by('day', 'f.batch_date', 'DESC') }},
    {{ by('state', 'a.state', 'ASC') }},
    {{ by('feed', 'a.feed', 'ASC') }},
    {{ by('rules', 'a.rule_ids', 'ASC') }},
    f.batch_date DESC,
    a.load_id ASC,
    a.row_number ASC,
    a.column_name ASC
LIMIT :most OFFSET :skipped
