-- Reads: lifespan. Makes: changed_lifespan.
CREATE TEMPORARY TABLE changed_lifespan AS
SELECT
    COALESCE(n.patient_id, k.patient_id) AS patient_id,
    n.person_id,
    k.person_id AS person_before
FROM lifespan AS n
FULL JOIN clinical.lifespan AS k ON n.patient_id = k.patient_id
WHERE
    n.patient_id IS NULL
    OR k.patient_id IS NULL
    OR n.person_id <> k.person_id
    OR n.describes <> k.describes
    OR n.birth_date IS DISTINCT FROM k.birth_date
    OR n.death_date IS DISTINCT FROM k.death_date
    OR n.earliest_death_date IS DISTINCT FROM k.earliest_death_date
    OR n.is_active <> k.is_active
