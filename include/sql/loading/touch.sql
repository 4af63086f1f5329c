INSERT INTO ops.touched_patient (patient_id)
WITH
changing AS NOT MATERIALIZED (
    SELECT
        record_key,
        patient_id
    FROM fate
    WHERE fate IN ('loaded', 'updated')
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
WHERE
    NOT EXISTS (
        SELECT 1
        FROM ops.touched_patient AS t
        WHERE t.patient_id = moved.patient_id
    )
