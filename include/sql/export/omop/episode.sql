-- Each cycle of sessions is a treatment regimen.
SELECT
    c.patient_id,
    c.patient_id || '#' || CAST(c.cycle AS TEXT) AS record_key,
    r.concept_id AS episode_concept_id,
    c.first_session AS episode_start_date,
    c.last_session AS episode_end_date,
    c.cycle AS episode_number,
    0 AS episode_object_concept_id,
    'treatment cycle' AS episode_source_value
FROM derived.treatment_cycle AS c
LEFT JOIN reference.omop_concept AS r ON r.kind = 'episode' AND r.code = 'treatment_cycle'
