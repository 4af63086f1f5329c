-- Deaths whose date is known.
SELECT
    f.patient_id,
    f.last_contact AS death_date,
    COALESCE(c.concept_id, 0) AS cause_concept_id,
    f.death_cause AS cause_source_value
FROM derived.follow_up AS f
LEFT JOIN reference.omop_concept AS c ON c.kind = 'death_cause' AND f.death_cause = c.code
WHERE f.vital_status = 'dead' AND f.reason IS NULL
