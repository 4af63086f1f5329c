-- What is set aside moves without the patient's rows: whoever is derived otherwise than reported is derived again.
INSERT INTO ops.touched_patient (patient_id)
WITH
reported AS (
    SELECT
        patient_id,
        reason,
        source_table,
        source_id
    FROM clinical.undated_death
),

derived AS (
    SELECT
        patient_id,
        reason,
        source_table,
        source_id
    FROM derived.follow_up
    WHERE reason IS NOT NULL
)

SELECT c.patient_id
FROM (
    SELECT n.patient_id FROM (SELECT * FROM reported EXCEPT SELECT * FROM derived) AS n
    UNION
    SELECT o.patient_id FROM (SELECT * FROM derived EXCEPT SELECT * FROM reported) AS o
) AS c
WHERE NOT EXISTS (SELECT 1 FROM ops.touched_patient AS t WHERE t.patient_id = c.patient_id)
