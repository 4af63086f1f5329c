{% from 'clinical/partial_date.sql' import earliest with context %}
-- Makes: lifespan.
-- Births of the announced persons, for each of their ids, with the deaths that are known of these. The row of the
-- surviving id describes the person, without it that of the id which was merged last; a cancelled one only alone.
CREATE TEMPORARY TABLE lifespan AS
WITH
announced AS (
    SELECT
        p.patient_id,
        {{ earliest('p', 'birth_date') }} AS birth_date,
        p.status <> 'cancelled' AS is_active,
        COALESCE(q.person_id, p.patient_id) AS person_id,
        ROW_NUMBER() OVER (
            PARTITION BY COALESCE(q.person_id, p.patient_id)
            ORDER BY
                CASE WHEN p.status = 'cancelled' THEN 2 ELSE 1 END ASC, q.merged_on DESC NULLS FIRST, p.patient_id DESC
        ) AS place
    FROM clinical.patients AS p
    LEFT JOIN clinical.person AS q ON p.patient_id = q.patient_id
    WHERE p.version_state = 'current'
),

known_as AS (
    SELECT
        patient_id,
        person_id
    FROM announced
    UNION
    SELECT
        patient_id,
        person_id
    FROM clinical.person
    UNION
    SELECT
        person_id AS patient_id,
        person_id
    FROM clinical.person
)

SELECT
    n.patient_id,
    n.person_id,
    a.patient_id = n.patient_id AS describes,
    CASE WHEN a.is_active THEN a.birth_date END AS birth_date,
    k.death_date,
    k.earliest_death_date,
    a.is_active
FROM known_as AS n
INNER JOIN announced AS a ON n.person_id = a.person_id AND a.place = 1
LEFT JOIN clinical.lifespan AS k ON n.patient_id = k.patient_id
