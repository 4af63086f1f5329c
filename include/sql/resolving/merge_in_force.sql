SELECT
    merged_patient_id,
    surviving_patient_id,
    MAX(effective_on) AS merged_on
FROM clinical.current_merges
GROUP BY merged_patient_id, surviving_patient_id
ORDER BY merged_patient_id ASC
