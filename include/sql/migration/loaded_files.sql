INSERT INTO received.loaded_before (load_id, rows_received, rows_failing, loaded_at)
SELECT
    load_id,
    rows_received,
    rows_failing,
    finished_at
FROM before.load
WHERE state = 'loaded'
