-- Reads: changed_lifespan, lifespan.
INSERT INTO clinical.lifespan (patient_id, person_id, describes, birth_date, death_date, earliest_death_date, is_active)
SELECT
    n.patient_id,
    n.person_id,
    n.describes,
    n.birth_date,
    n.death_date,
    n.earliest_death_date,
    n.is_active
FROM lifespan AS n
INNER JOIN changed_lifespan AS c ON n.patient_id = c.patient_id
