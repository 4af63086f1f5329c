-- Each symptom weighs 0 (none), 1 (present) or 2 (dominant); fewer or lighter symptoms weigh less together.
-- Before: last visit on or before the first procedure; after: first visit after the day of the first cycle's last
-- session; of the visits that recorded a symptom. What one of the two alone cannot tell stays unknown.
WITH
symptom_weight AS (
    SELECT
        w.symptom,
        w.weight
    FROM (VALUES ('none', 0), ('present', 1), ('dominant', 2)) AS w (symptom, weight)
),

recorded AS (
    SELECT
        v.visit_id,
        v.patient_id,
        v.visit_date,
        d.weight + f.weight AS total,
        CASE
            WHEN d.weight + f.weight IS NOT NULL OR COALESCE(d.weight, f.weight) > 0
                THEN GREATEST(d.weight, f.weight)
        END AS heaviest
    FROM scope.visits AS v
    LEFT JOIN symptom_weight AS d ON v.diarrhoea = d.symptom
    LEFT JOIN symptom_weight AS f ON v.flushing = f.symptom
    WHERE d.weight IS NOT NULL OR f.weight IS NOT NULL
),

before_treatment AS (
    SELECT
        r.*,
        ROW_NUMBER() OVER (
            PARTITION BY r.patient_id ORDER BY r.visit_date DESC NULLS LAST, r.visit_id DESC NULLS LAST
        ) AS place
    FROM recorded AS r
    INNER JOIN scope.treatment_session AS p ON r.patient_id = p.patient_id AND p.session_number = 1
    WHERE r.visit_date <= p.performed_on
),

after_cycle AS (
    SELECT
        r.*,
        ROW_NUMBER() OVER (
            PARTITION BY r.patient_id ORDER BY r.visit_date NULLS LAST, r.visit_id NULLS LAST
        ) AS place
    FROM recorded AS r
    INNER JOIN scope.treatment_cycle AS c ON r.patient_id = c.patient_id
    WHERE c.cycle = 1 AND r.visit_date > c.last_session
),

last_before AS (
    SELECT *
    FROM before_treatment
    WHERE place = 1
),

first_after AS (
    SELECT *
    FROM after_cycle
    WHERE place = 1
),

paired AS (
    SELECT
        COALESCE(b.patient_id, a.patient_id) AS patient_id,
        b.heaviest AS heaviest_before,
        b.total AS total_before,
        b.visit_id AS before_visit_id,
        a.heaviest AS heaviest_after,
        a.total AS total_after,
        a.visit_id AS after_visit_id
    FROM last_before AS b
    FULL JOIN first_after AS a ON b.patient_id = a.patient_id
)

SELECT
    p.patient_id,
    b.symptom AS before,
    a.symptom AS after,
    CASE
        WHEN p.heaviest_before > 0 AND p.total_after = 0 THEN 'resolved'
        WHEN p.total_after < p.total_before THEN 'improved'
        WHEN p.total_after = p.total_before THEN 'unchanged'
        WHEN p.total_after > p.total_before THEN 'worse'
    END AS response,
    p.before_visit_id,
    p.after_visit_id
FROM paired AS p
LEFT JOIN symptom_weight AS b ON p.heaviest_before = b.weight
LEFT JOIN symptom_weight AS a ON p.heaviest_after = a.weight
