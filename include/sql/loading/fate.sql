CREATE TEMPORARY TABLE fate AS
SELECT
    a.row_number,
    CASE
        WHEN c.from_first > 1 AND (c.was_past = 0 OR c.from_last > 1) THEN 'unchanged'
        WHEN NOT a.is_possible THEN 'quarantined'
        WHEN c.row_number IS NULL THEN CASE WHEN a.is_announced THEN 'loaded' ELSE 'waiting' END
        WHEN NOT a.is_announced AND c.from_first = 1 THEN 'waiting'
        WHEN c.key_order = 1 THEN 'loaded'
        ELSE 'updated'
    END AS fate,
    COALESCE(c.from_first, 1) = 1 AS is_first,
    a."{{ key }}" AS record_key,
    a.patient_id
FROM accepted AS a
LEFT JOIN candidate AS c ON a.row_number = c.row_number AND c.old_state IS NULL
