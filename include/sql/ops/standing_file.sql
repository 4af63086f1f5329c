{% from 'ops/standing.sql' import standing %}
-- The files that count, as in ops.standing_load, without the counts of what became of their rows.
SELECT
    load_id,
    site,
    source,
    feed,
    batch_date,
    withdraws,
    state,
    rows_received
FROM {{ standing('ops.file_state') }} AS content
WHERE age = 1
