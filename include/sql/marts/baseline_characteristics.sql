-- Table 1 over the treated patients. reference.characteristic lists the rows, so a category of nobody is a row of 0.
WITH necrosis AS (
    SELECT
        patient_id,
        BOOL_OR(has_necrosis) AS has_necrosis
    FROM derived.report_grade
    WHERE NOT after_treatment
    GROUP BY patient_id
),

liver AS (
    SELECT
        l.patient_id,
        MAX(l.category) FILTER (WHERE l.score = 'child_pugh') AS child_pugh,
        MAX(l.points) FILTER (WHERE l.score = 'meld') AS meld,
        MAX(l.points) FILTER (WHERE l.score = 'meld_na') AS meld_na,
        MAX(l.points) FILTER (WHERE l.score = 'meld_3_0') AS meld_3_0
    FROM derived.liver_score AS l
    INNER JOIN derived.treatment_session AS f ON l.procedure_id = f.procedure_id AND f.session_number = 1
    WHERE l.moment = 'before'
    GROUP BY l.patient_id
),

treated AS (
    SELECT
        b.*,
        TRIM(TRANSLATE(s.stage, 'ABC123', '      ')) AS stage,
        s.m,
        h.syndrome,
        r.sstr_status,
        r.krenning_score,
        r.above_liver,
        n.has_necrosis,
        l.child_pugh,
        l.meld,
        l.meld_na,
        l.meld_3_0
    FROM derived.baseline AS b
    LEFT JOIN derived.tumour_stage AS s ON b.patient_id = s.patient_id
    LEFT JOIN derived.hormone_syndrome AS h ON b.patient_id = h.patient_id
    LEFT JOIN derived.sstr_status AS r ON b.patient_id = r.patient_id
    LEFT JOIN necrosis AS n ON b.patient_id = n.patient_id
    LEFT JOIN liver AS l ON b.patient_id = l.patient_id
    WHERE b.first_procedure IS NOT NULL
),

number AS (
    SELECT
        v.characteristic,
        COUNT(v.value) AS n,
        COUNT(*) AS denominator,
        AVG(v.value) AS mean,
        STDDEV_SAMP(v.value) AS sd,
        PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY v.value ASC NULLS LAST) AS median,
        MIN(v.value) AS min,
        MAX(v.value) AS max
    FROM treated AS b
    CROSS JOIN
        LATERAL (
            VALUES
            ('age_at_diagnosis', b.age_at_diagnosis_years),
            ('age_at_first_procedure', b.age_at_first_procedure_years),
            ('bmi', b.bmi_kg_m2),
            ('ki67', b.ki67_percent),
            ('liver_burden', b.liver_burden_percent),
            ('chromogranin_a', b.chromogranin_a_ng_ml),
            ('hiaa', b.hiaa_umol_24h),
            ('ast', b.ast_u_l),
            ('alt', b.alt_u_l),
            ('bilirubin', b.bilirubin_umol_l),
            ('creatinine', b.creatinine_umol_l),
            ('clearance_mdrd', b.clearance_mdrd),
            ('clearance_ckd_epi_2021', b.clearance_ckd_epi_2021),
            ('platelets', b.platelets_10_9_l),
            ('prothrombin', b.prothrombin_percent),
            ('target_1', b.target_1_mm),
            ('target_2', b.target_2_mm),
            ('target_sum', b.target_sum_mm),
            ('meld', b.meld),
            ('meld_na', b.meld_na),
            ('meld_3_0', b.meld_3_0),
            ('diagnosis_to_liver_metastases', b.diagnosis_to_liver_metastases_months),
            ('liver_metastases_to_first_procedure', b.liver_metastases_to_first_procedure_months)
        ) AS v (characteristic, value)
    GROUP BY v.characteristic
),

label AS (
    SELECT
        v.characteristic,
        v.category,
        COUNT(*) AS n
    FROM treated AS b
    CROSS JOIN
        LATERAL (
            VALUES
            ('sex', b.sex),
            ('bmi', b.bmi_class),
            ('primary', b.primary_group),
            ('grade', b.grade),
            ('liver_burden', b.liver_burden_class),
            ('discovery_mode', b.discovery_mode),
            ('clearance_mdrd', b.clearance_mdrd_class),
            ('clearance_ckd_epi_2021', b.clearance_ckd_epi_2021_class),
            ('ecog', CAST(b.ecog AS TEXT)),
            ('stage', b.stage),
            ('distant_metastases', b.m),
            ('hormone_syndrome', b.syndrome),
            ('sstr', b.sstr_status),
            ('krenning_score', CAST(b.krenning_score AS TEXT)),
            ('child_pugh', b.child_pugh)
        ) AS v (characteristic, category)
    WHERE v.category IS NOT NULL
    GROUP BY v.characteristic, v.category
),

flag AS (
    SELECT
        v.characteristic,
        v.category,
        COUNT(*) FILTER (WHERE v.met) AS n,
        COUNT(v.met) AS denominator
    FROM treated AS b
    CROSS JOIN
        LATERAL (
            VALUES
            ('patients', 'all', TRUE),
            ('primary_resected', 'yes', b.primary_resected),
            ('grade_1_or_2', 'yes', b.grade IN ('G1', 'G2')),
            ('liver_metastases', 'synchronous', b.synchronous),
            ('liver_metastases', 'metachronous', NOT b.synchronous),
            ('previous_treatment', 'hepatic_surgery', b.previous_hepatic_surgery),
            ('previous_treatment', 'ablation', b.previous_ablation),
            ('previous_treatment', 'systemic_chemotherapy', b.previous_systemic_chemotherapy),
            ('previous_treatment', 'somatostatin_analogue', b.previous_somatostatin_analogue),
            ('previous_treatment', 'tace', b.previous_tace),
            ('previous_treatment', 'prrt', b.previous_prrt),
            ('previous_treatment', 'targeted_therapy', b.previous_targeted_therapy),
            ('liver_burden_10_or_more', 'yes', b.liver_burden_class <> '<10'),
            ('liver_burden_50_or_more', 'yes', b.liver_burden_class IN ('50-75', '>=75')),
            ('extrahepatic_disease', 'yes', b.extrahepatic_disease),
            ('carcinoid_syndrome', 'yes', b.carcinoid_syndrome),
            ('carcinoid_symptom', 'diarrhoea', b.diarrhoea IN ('present', 'dominant')),
            ('carcinoid_symptom', 'flushing', b.flushing IN ('present', 'dominant')),
            ('dominant_symptom', 'diarrhoea', b.diarrhoea = 'dominant'),
            ('dominant_symptom', 'flushing', b.flushing = 'dominant'),
            ('chromogranin_a', 'elevated', b.chromogranin_a_elevated),
            ('chromogranin_a', 'normal', NOT b.chromogranin_a_elevated),
            ('hiaa', 'elevated', b.hiaa_elevated),
            ('hiaa', 'normal', NOT b.hiaa_elevated),
            ('necrosis', 'yes', b.has_necrosis),
            ('uptake_above_liver', 'yes', b.above_liver)
        ) AS v (characteristic, category, met)
    GROUP BY v.characteristic, v.category
),

known AS (
    SELECT
        characteristic,
        CAST(SUM(n) AS BIGINT) AS denominator
    FROM label
    GROUP BY characteristic
),

counted AS (
    SELECT
        c.characteristic,
        c.category,
        COALESCE(n.n, f.n, l.n, 0) AS n,
        COALESCE(n.denominator, f.denominator, k.denominator, 0) AS denominator
    FROM reference.characteristic AS c
    LEFT JOIN number AS n ON c.characteristic = n.characteristic AND c.is_number
    LEFT JOIN flag AS f ON c.characteristic = f.characteristic AND c.category = f.category
    LEFT JOIN label AS l ON c.characteristic = l.characteristic AND c.category = l.category
    LEFT JOIN known AS k ON c.characteristic = k.characteristic AND NOT c.is_number
)

SELECT
    c.characteristic,
    c.category,
    t.n,
    t.denominator,
    CASE WHEN NOT c.is_number THEN 100.0 * t.n / NULLIF(t.denominator, 0) END AS percent,
    n.mean,
    n.sd,
    n.median,
    n.min,
    n.max,
    c.unit,
    c.sort_order
FROM reference.characteristic AS c
INNER JOIN counted AS t ON c.characteristic = t.characteristic AND c.category = t.category
LEFT JOIN number AS n ON c.characteristic = n.characteristic AND c.is_number
