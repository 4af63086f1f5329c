-- Responses by mRECIST, and the death where its date is known.
SELECT
    f.patient_id,
    r.response_date - f.first_procedure AS start_date,
    NULL AS stop_date,
    'STATUS' AS event_type,
    r.response AS status,
    'mRECIST' AS source
FROM derived.follow_up AS f
INNER JOIN derived.timepoint_response AS r
    ON f.patient_id = r.patient_id AND r.reader = 'registry' AND r.criteria = 'mrecist'
WHERE f.first_procedure IS NOT NULL AND r.response_date IS NOT NULL
UNION ALL
SELECT
    patient_id,
    last_contact - first_procedure AS start_date,
    NULL AS stop_date,
    'STATUS' AS event_type,
    'DECEASED' AS status,
    'Clinic' AS source
FROM derived.follow_up
WHERE first_procedure IS NOT NULL AND vital_status = 'dead' AND reason IS NULL
