{% from 'ops/standing.sql' import standing %}
-- The files that count: of the contents that came at one place the latest, or the one before where that was rejected.
-- What has only been received has no counts yet and replaces nothing.
SELECT
    load_id,
    site,
    source,
    feed,
    batch_date,
    state,
    rows_received,
    rows_loaded,
    rows_updated,
    rows_unchanged,
    rows_quarantined,
    rows_waiting,
    rows_failing,
    rows_left_out,
    cells_set_aside
FROM {{ standing('ops.load') }} AS content
WHERE age = 1
