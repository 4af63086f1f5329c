-- The last imaging of somatostatin receptors on or before the first procedure that says how much the lesions take up.
WITH imaging AS (
    SELECT
        e.patient_id,
        e.exam_id,
        e.exam_date,
        e.sstr_tracer,
        e.krenning_score,
        f.performed_on - e.exam_date AS days_before,
        COALESCE(
            e.sstr_status, CASE WHEN e.krenning_score >= s.value THEN 'positive' ELSE 'negative' END
        ) AS sstr_status,
        ROW_NUMBER() OVER (
            PARTITION BY e.patient_id ORDER BY e.exam_date DESC NULLS LAST, e.exam_id DESC NULLS LAST
        ) AS place
    FROM scope.exams AS e
    INNER JOIN reference.setting AS s ON s.name = 'krenning_positive_from'
    INNER JOIN reference.modality AS m ON e.modality = m.modality AND NOT m.measures_lesions
    LEFT JOIN reference.sstr_tracer AS t ON e.sstr_tracer = t.tracer
    LEFT JOIN scope.treatment_session AS f ON e.patient_id = f.patient_id AND f.session_number = 1
    WHERE
        COALESCE(t.shows_receptors, TRUE)
        AND COALESCE(e.sstr_status, CAST(e.krenning_score AS TEXT)) IS NOT NULL
        AND COALESCE(e.exam_date <= f.performed_on, TRUE)
)

SELECT
    i.patient_id,
    i.sstr_status,
    i.krenning_score,
    i.krenning_score >= s.value AS above_liver,
    i.sstr_tracer,
    i.exam_date,
    i.days_before,
    i.exam_id
FROM imaging AS i
INNER JOIN reference.setting AS s ON s.name = 'krenning_prrt_from'
WHERE i.place = 1
