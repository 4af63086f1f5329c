{% from 'clinical/partial_date.sql' import latest with context %}
-- Reads: fate. Makes: lifespan.
-- The same with deaths anew. A death counts when its visit is the current one as far as births tell; of several visits
-- that report a person's death, the last visit's date counts, as in derived.follow_up.
CREATE TEMPORARY TABLE lifespan AS
WITH death AS (
    SELECT
        CASE WHEN STRPOS(COALESCE(t.cells_aside, ''), ',death_date,') = 0 THEN v.death_date END AS earliest_death_date,
        CASE WHEN STRPOS(COALESCE(t.cells_aside, ''), ',death_date,') = 0 THEN {{ latest('v', 'death_date') }} END
            AS death_date,
        COALESCE(q.person_id, v.patient_id) AS person_id,
        ROW_NUMBER() OVER (
            PARTITION BY COALESCE(q.person_id, v.patient_id) ORDER BY v.visit_date DESC, v.visit_id DESC
        ) AS from_last
    FROM fate AS t
    INNER JOIN received.visits AS v
        ON t.load_id = v.load_id AND t.row_number = v.row_number AND t.reading = v.reading
    LEFT JOIN clinical.person AS q ON v.patient_id = q.patient_id
    WHERE t.version_state = 'current' AND v.vital_status = 'dead' AND v.status <> 'cancelled'
)

SELECT
    k.patient_id,
    k.person_id,
    k.describes,
    k.birth_date,
    d.death_date,
    d.earliest_death_date,
    k.is_active
FROM clinical.lifespan AS k
LEFT JOIN death AS d ON k.person_id = d.person_id AND d.from_last = 1
