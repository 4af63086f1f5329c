-- Whose a key is that versions of several patients share is settled once they are in the record.
INSERT INTO ops.unsettled_patient (feed, patient_id)
SELECT DISTINCT
    '{{ feed }}',
    c.patient_id
FROM candidate AS c
WHERE
    c."{{ key }}" IN (
        SELECT s."{{ key }}"
        FROM candidate AS s
        GROUP BY s."{{ key }}"
        HAVING MIN(s.patient_id) <> MAX(s.patient_id)
    )
    AND NOT EXISTS (
        SELECT 1
        FROM ops.unsettled_patient AS u
        WHERE u.feed = '{{ feed }}' AND u.patient_id = c.patient_id
    )
