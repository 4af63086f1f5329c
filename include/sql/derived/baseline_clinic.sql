-- The last recorded clinical findings on or before the first procedure, and what was given before it.
WITH first_procedure AS (
    SELECT
        patient_id,
        performed_on AS first_procedure
    FROM scope.treatment_session
    WHERE session_number = 1
),

visit AS (
    SELECT
        v.*,
        ROW_NUMBER() OVER (
            PARTITION BY v.patient_id
            ORDER BY
                CASE WHEN v.height_cm IS NULL THEN 1 ELSE 0 END ASC NULLS LAST,
                v.visit_date DESC NULLS LAST,
                v.visit_id DESC NULLS LAST
        ) AS height_place,
        ROW_NUMBER() OVER (
            PARTITION BY v.patient_id
            ORDER BY
                CASE WHEN v.weight_kg IS NULL THEN 1 ELSE 0 END ASC NULLS LAST,
                v.visit_date DESC NULLS LAST,
                v.visit_id DESC NULLS LAST
        ) AS weight_place,
        ROW_NUMBER() OVER (
            PARTITION BY v.patient_id
            ORDER BY
                CASE WHEN v.ecog IS NULL THEN 1 ELSE 0 END ASC NULLS LAST,
                v.visit_date DESC NULLS LAST,
                v.visit_id DESC NULLS LAST
        ) AS ecog_place,
        ROW_NUMBER() OVER (
            PARTITION BY v.patient_id
            ORDER BY
                CASE WHEN COALESCE(v.diarrhoea, v.flushing) IS NULL THEN 1 ELSE 0 END ASC NULLS LAST,
                v.visit_date DESC NULLS LAST,
                v.visit_id DESC NULLS LAST
        ) AS symptom_place
    FROM scope.visits AS v
    INNER JOIN first_procedure AS f ON v.patient_id = f.patient_id AND v.visit_date <= f.first_procedure
),

finding AS (
    SELECT
        patient_id,
        MAX(height_cm) FILTER (WHERE height_place = 1) AS height_cm,
        MAX(visit_id) FILTER (WHERE height_place = 1 AND height_cm IS NOT NULL) AS height_visit_id,
        MAX(weight_kg) FILTER (WHERE weight_place = 1) AS weight_kg,
        MAX(visit_id) FILTER (WHERE weight_place = 1 AND weight_kg IS NOT NULL) AS weight_visit_id,
        MAX(ecog) FILTER (WHERE ecog_place = 1) AS ecog,
        MAX(visit_id) FILTER (WHERE ecog_place = 1 AND ecog IS NOT NULL) AS ecog_visit_id,
        MAX(diarrhoea) FILTER (WHERE symptom_place = 1) AS diarrhoea,
        MAX(flushing) FILTER (WHERE symptom_place = 1) AS flushing,
        MAX(visit_id) FILTER (
            WHERE symptom_place = 1 AND COALESCE(diarrhoea, flushing) IS NOT NULL
        ) AS symptom_visit_id
    FROM visit
    GROUP BY patient_id
),

given AS (
    SELECT
        f.patient_id,
        COALESCE(BOOL_OR(t.kind = 'hepatic_surgery'), FALSE) AS previous_hepatic_surgery,
        COALESCE(BOOL_OR(t.kind = 'ablation'), FALSE) AS previous_ablation,
        COALESCE(BOOL_OR(t.kind = 'systemic_chemotherapy'), FALSE) AS previous_systemic_chemotherapy,
        COALESCE(BOOL_OR(t.kind = 'somatostatin_analogue'), FALSE) AS previous_somatostatin_analogue,
        COALESCE(BOOL_OR(t.kind = 'tace'), FALSE) AS previous_tace,
        COALESCE(BOOL_OR(t.kind = 'prrt'), FALSE) AS previous_prrt,
        COALESCE(BOOL_OR(t.kind = 'targeted_therapy'), FALSE) AS previous_targeted_therapy
    FROM first_procedure AS f
    LEFT JOIN scope.treatments AS t ON f.patient_id = t.patient_id AND f.first_procedure > t.started_on
    GROUP BY f.patient_id
)

SELECT
    g.patient_id,
    f.height_cm,
    f.height_visit_id,
    f.weight_kg,
    f.weight_visit_id,
    f.ecog,
    f.ecog_visit_id,
    f.diarrhoea,
    f.flushing,
    f.symptom_visit_id,
    g.previous_hepatic_surgery,
    g.previous_ablation,
    g.previous_systemic_chemotherapy,
    g.previous_somatostatin_analogue,
    g.previous_tace,
    g.previous_prrt,
    g.previous_targeted_therapy
FROM given AS g
LEFT JOIN finding AS f ON g.patient_id = f.patient_id
