INSERT INTO ops.unsettled_patient (feed, patient_id)
SELECT DISTINCT
    '{{ feed }}',
    v.patient_id
FROM clinical.{{ feed }} AS v
INNER JOIN chosen_record AS c ON v.load_id = c.load_id AND v.row_number = c.row_number
WHERE
    c.feed = '{{ feed }}'
    AND NOT EXISTS (
        SELECT 1
        FROM ops.unsettled_patient AS u
        WHERE u.feed = '{{ feed }}' AND u.patient_id = v.patient_id
    )
