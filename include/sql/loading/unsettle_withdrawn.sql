-- The other versions of the keys are ranked again: the best valid one becomes current.
INSERT INTO ops.unsettled_patient (feed, patient_id)
SELECT DISTINCT
    '{{ feed }}',
    v.patient_id
FROM clinical.{{ feed }} AS v
WHERE
    v."{{ key }}" IN (SELECT w.record_key FROM withdrawn AS w)
    AND NOT EXISTS (
        SELECT 1
        FROM ops.unsettled_patient AS u
        WHERE u.feed = '{{ feed }}' AND u.patient_id = v.patient_id
    )
