-- Makes: lifespan.
-- Births of the announced patients, with the deaths that are known of them.
CREATE TEMPORARY TABLE lifespan AS
SELECT
    p.patient_id,
    CASE WHEN p.status <> 'cancelled' THEN p.birth_date END AS birth_date,
    k.death_date,
    p.status <> 'cancelled' AS is_active
FROM clinical.patients AS p
LEFT JOIN clinical.lifespan AS k ON p.patient_id = k.patient_id
WHERE p.version_state = 'current'
