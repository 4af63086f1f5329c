{% from 'decisions/selected.sql' import aside, selected with context %}
-- The rows, whole or by a cell, that a decision about a selection would be about.
SELECT DISTINCT
    load_id,
    row_number,
    feed,
    state
FROM (
    {{ aside() }}
) AS q
WHERE
    {{ selected('q.') }}
ORDER BY load_id ASC, row_number ASC, state ASC
