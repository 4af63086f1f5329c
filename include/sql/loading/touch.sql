INSERT INTO ops.touched_patient (patient_id)
SELECT DISTINCT moved.patient_id
FROM (
    SELECT r.patient_id
    FROM staged_rows AS r
    INNER JOIN fate AS f ON r.row_number = f.row_number
    WHERE f.fate IN ('loaded', 'updated')
    UNION ALL
    SELECT c.patient_id
    FROM candidate AS c
    WHERE c.old_state IS NOT NULL
) AS moved
WHERE moved.patient_id NOT IN (SELECT t.patient_id FROM ops.touched_patient AS t)
