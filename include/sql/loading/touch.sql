INSERT INTO ops.touched_patient (patient_id)
WITH
changing AS (
    SELECT
        r.patient_id,
        r."{{ key }}" AS record_key
    FROM staged AS r
    INNER JOIN fate AS f ON r.row_number = f.row_number
    WHERE f.fate IN ('loaded', 'updated')
)

SELECT moved.patient_id
FROM (
    SELECT n.patient_id
    FROM changing AS n
    UNION
    SELECT c.patient_id
    FROM candidate AS c
    WHERE c.old_state IS NOT NULL AND c."{{ key }}" IN (SELECT o.record_key FROM changing AS o)
) AS moved
WHERE moved.patient_id NOT IN (SELECT t.patient_id FROM ops.touched_patient AS t)
