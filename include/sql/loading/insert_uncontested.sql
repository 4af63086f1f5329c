INSERT INTO clinical.{{ feed }} (
    {{ columns }},
    load_id, row_number, last_load_id, last_row_number, batch_date, first_batch_date, arrival, version_state
)
SELECT
    {{ columns }},
    CAST(:load_id AS TEXT),
    row_number,
    CAST(:load_id AS TEXT),
    row_number,
    CAST(:batch_date AS DATE),
    CAST(:batch_date AS DATE),
    'loaded',
    CASE WHEN NOT is_possible THEN 'quarantined' WHEN is_announced THEN 'current' ELSE 'waiting' END
FROM accepted AS a
WHERE NOT EXISTS (SELECT 1 FROM contested AS c WHERE c.record_key = a."{{ key }}")
