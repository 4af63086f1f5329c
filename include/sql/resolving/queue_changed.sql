-- Reads: changed_patient.
-- What was resolved of these patients is resolved again.
INSERT INTO resolved.due (feed, patient_id)
SELECT
    r.feed,
    c.patient_id
FROM changed_patient AS c
CROSS JOIN (SELECT DISTINCT feed FROM resolved.reading) AS r
WHERE
    r.feed IN ({% for contract in feeds if contract.of_patients %}'{{ contract.feed }}'{{ ", " if not loop.last }}{% endfor %})
    AND NOT EXISTS (
        SELECT 1
        FROM resolved.due AS d
        WHERE d.feed = r.feed AND d.patient_id = c.patient_id
    )
