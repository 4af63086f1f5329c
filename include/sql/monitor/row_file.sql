-- The file of a row, and what became of it.
SELECT
    load_id,
    site,
    source,
    feed,
    batch_date,
    file_name,
    state
FROM ops.file_state
WHERE load_id = :load_id
