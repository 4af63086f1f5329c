-- Whose a key is may change with a decision about one of its versions: all of them are settled again.
INSERT INTO ops.unsettled_patient (feed, patient_id)
SELECT DISTINCT
    '{{ feed }}',
    v.patient_id
FROM clinical.{{ feed }} AS v
WHERE
    v."{{ key }}" IN (
        SELECT w."{{ key }}"
        FROM clinical.{{ feed }} AS w
        INNER JOIN chosen_record AS c ON w.load_id = c.load_id AND w.row_number = c.row_number
        WHERE c.feed = '{{ feed }}'
    )
    AND NOT EXISTS (
        SELECT 1
        FROM ops.unsettled_patient AS u
        WHERE u.feed = '{{ feed }}' AND u.patient_id = v.patient_id
    )
