{% from 'decisions/selected.sql' import aside, selected with context %}
-- The rows, whole or by a cell, that a decision about a selection would be about.
SELECT DISTINCT
    q.load_id,
    q.row_number,
    COALESCE(f.site, '') AS site,
    q.source,
    q.feed,
    q.state
FROM (
    {{ aside() }}
) AS q
INNER JOIN received.file AS f ON q.load_id = f.load_id
WHERE
    {{ selected('q.') }}
ORDER BY q.load_id ASC, q.row_number ASC, q.state ASC
