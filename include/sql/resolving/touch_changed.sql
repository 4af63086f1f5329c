-- Reads: changed_patient.
-- Who a person was is derived again, too: it may be nobody any more.
INSERT INTO ops.touched_patient (patient_id)
SELECT c.patient_id
FROM (
    SELECT person_id AS patient_id
    FROM changed_patient
    UNION
    SELECT person_before AS patient_id
    FROM changed_patient
) AS c
WHERE
    c.patient_id IS NOT NULL
    AND NOT EXISTS (
        SELECT 1
        FROM ops.touched_patient AS t
        WHERE t.patient_id = c.patient_id
    )
