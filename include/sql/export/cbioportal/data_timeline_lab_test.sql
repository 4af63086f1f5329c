-- Results of the analytes that the registry uses.
SELECT
    f.patient_id,
    m.collected_on - f.first_procedure AS start_date,
    NULL AS stop_date,
    'LAB_TEST' AS event_type,
    m.analyte AS test,
    m.value AS result,
    m.comparator,
    m.unit
FROM derived.follow_up AS f
INNER JOIN clinical.measurement AS m ON f.patient_id = m.patient_id
INNER JOIN reference.analyte AS a ON m.analyte = a.analyte AND a.is_used
WHERE f.first_procedure IS NOT NULL AND m.value IS NOT NULL
