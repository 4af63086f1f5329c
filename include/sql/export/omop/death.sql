-- Deaths whose date is known.
SELECT
    f.patient_id,
    f.last_contact AS death_date,
    0 AS death_type_concept_id,
    f.death_cause AS cause_source_value
FROM derived.follow_up AS f
WHERE f.vital_status = 'dead' AND f.reason IS NULL
