-- Births and deaths that are not what was known of the patients in `concerned`.
-- A death counts when its visit is the last possible version of an announced patient: one before birth is a mistake.
-- It is a death of the patient whose key the visit is (`owned`).
-- Of several visits that report a death, the last visit's date counts, as in derived.follow_up.
CREATE TEMPORARY TABLE changed_lifespan AS
WITH
visit AS (
    SELECT
        v.patient_id,
        v.visit_id,
        v.vital_status,
        v.visit_date,
        v.death_date,
        v.status,
        ROW_NUMBER() OVER (
            PARTITION BY v.visit_id
            ORDER BY l.batch_date DESC, l.file_order DESC, l.delivery DESC, v.last_row_number DESC
        ) AS from_last
    FROM clinical.visits AS v
    INNER JOIN ops.load AS l ON v.last_load_id = l.load_id
    INNER JOIN clinical.patients AS p ON v.patient_id = p.patient_id AND p.version_state = 'current'
    LEFT JOIN owned AS o ON v.load_id = o.load_id AND v.row_number = o.row_number
    WHERE
        v.visit_id IN (
            SELECT w.visit_id
            FROM clinical.visits AS w
            INNER JOIN concerned AS c ON w.patient_id = c.patient_id
        )
        AND (o.load_id IS NULL OR (o.is_of_owner AND (o.takes_over OR NOT o.is_moved)))
        AND (
            v.status = 'cancelled'
            OR (v.visit_date >= p.birth_date AND (v.death_date IS NULL OR v.death_date >= p.birth_date))
        )
),

death AS (
    SELECT
        patient_id,
        death_date,
        ROW_NUMBER() OVER (
            PARTITION BY patient_id ORDER BY visit_date DESC, visit_id DESC
        ) AS from_last
    FROM visit
    WHERE from_last = 1 AND vital_status = 'dead' AND status <> 'cancelled'
)

SELECT
    p.patient_id,
    CASE WHEN p.status <> 'cancelled' THEN p.birth_date END AS birth_date,
    d.death_date,
    p.status <> 'cancelled' AS is_active
FROM clinical.patients AS p
INNER JOIN concerned AS c ON p.patient_id = c.patient_id
LEFT JOIN death AS d ON p.patient_id = d.patient_id AND d.from_last = 1
LEFT JOIN clinical.lifespan AS k ON p.patient_id = k.patient_id
WHERE
    p.version_state = 'current'
    AND (
        k.patient_id IS NULL
        OR k.birth_date IS DISTINCT FROM CASE WHEN p.status <> 'cancelled' THEN p.birth_date END
        OR k.death_date IS DISTINCT FROM d.death_date
        OR k.is_active <> (p.status <> 'cancelled')
    )
