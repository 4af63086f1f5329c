{% from 'decisions/selected.sql' import aside, selected with context %}
-- Rows in quarantine and cells that are set aside alone; no other cell of theirs.
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
WHERE
    {{ selected('a.') }}
ORDER BY
    CASE CAST(:sort AS TEXT)
        WHEN 'state' THEN a.state
        WHEN 'feed' THEN a.feed
        WHEN 'rules' THEN a.rule_ids
    END ASC NULLS LAST,
    f.batch_date DESC,
    a.load_id ASC,
    a.row_number ASC,
    a.column_name ASC
LIMIT :most OFFSET :skipped
