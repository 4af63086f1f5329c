-- One row a patient, one column a characteristic of the study's Table 1.
WITH first_procedure AS (
    SELECT
        patient_id,
        performed_on AS first_procedure
    FROM scope.treatment_session
    WHERE session_number = 1
),

month AS (
    SELECT value
    FROM reference.setting
    WHERE name = 'days_per_month'
),

patient AS (
    SELECT
        p.patient_id,
        NULLIF(p.sex, 'unknown') AS sex,
        f.first_procedure,
        p.discovery_mode,
        p.primary_resected = 'yes' AS primary_resected,
        p.liver_metastases_timing = 'synchronous' AS synchronous,
        p.birth_date_precision,
        p.diagnosis_date_precision,
        p.liver_metastases_date_precision,
        CAST(p.diagnosis_date - p.birth_date AS DOUBLE PRECISION) / (12 * m.value) AS age_at_diagnosis_years,
        CAST(f.first_procedure - p.birth_date AS DOUBLE PRECISION) / (12 * m.value) AS age_at_first_procedure_years,
        CASE
            WHEN p.liver_metastases_timing = 'metachronous' AND p.liver_metastases_date >= p.diagnosis_date
                THEN CAST(p.liver_metastases_date - p.diagnosis_date AS DOUBLE PRECISION) / m.value
        END AS diagnosis_to_liver_metastases_months,
        CASE
            WHEN f.first_procedure >= p.liver_metastases_date
                THEN CAST(f.first_procedure - p.liver_metastases_date AS DOUBLE PRECISION) / m.value
        END AS liver_metastases_to_first_procedure_months
    FROM scope.patients AS p
    CROSS JOIN month AS m
    LEFT JOIN first_procedure AS f ON p.patient_id = f.patient_id
),

-- Reports up to the first procedure before later ones, a known site before an unknown one, then the latest.
site AS (
    SELECT
        r.patient_id,
        r.report_id,
        COALESCE(s.primary_group, 'other') AS primary_group,
        ROW_NUMBER() OVER (
            PARTITION BY r.patient_id
            ORDER BY
                CASE WHEN r.reported_on > f.first_procedure THEN 1 ELSE 0 END ASC NULLS LAST,
                CASE WHEN s.primary_group = 'unknown' THEN 1 ELSE 0 END ASC NULLS LAST,
                r.reported_on DESC NULLS LAST,
                r.report_id DESC NULLS LAST
        ) AS place
    FROM scope.reports AS r
    LEFT JOIN first_procedure AS f ON r.patient_id = f.patient_id
    LEFT JOIN reference.primary_site AS s ON s.topography = SUBSTRING(r.primary_site, 1, 3)
    WHERE r.primary_site IS NOT NULL
),

-- Primary tumours of several organs: which one the metastases belong to is not told by the later date. After the first
-- procedure only specimens of a primary count.
primaries AS (
    SELECT
        r.patient_id,
        COUNT(DISTINCT COALESCE(s.primary_group, SUBSTRING(r.primary_site, 1, 3))) > 1 AS are_several
    FROM scope.reports AS r
    LEFT JOIN first_procedure AS f ON r.patient_id = f.patient_id
    LEFT JOIN reference.primary_site AS s ON s.topography = SUBSTRING(r.primary_site, 1, 3)
    WHERE
        r.primary_site IS NOT NULL
        AND COALESCE(s.primary_group, 'other') <> 'unknown'
        AND (r.specimen = 'primary' OR f.first_procedure IS NULL OR r.reported_on <= f.first_procedure)
    GROUP BY r.patient_id
),

-- A censored marker is called elevated or normal only where every value that it can stand for is.
marker AS (
    SELECT
        t.patient_id,
        t.analyte,
        t.value,
        CASE
            WHEN t.value > s.value AND COALESCE(t.comparator, '>') IN ('>', '>=') THEN TRUE
            WHEN t.value = s.value AND t.comparator = '>' THEN TRUE
            WHEN t.value <= s.value AND COALESCE(t.comparator, '<') IN ('<', '<=') THEN FALSE
        END AS elevated
    FROM scope.lab_timepoint AS t
    LEFT JOIN reference.setting AS s
        ON s.name = CASE t.analyte WHEN 'CGA' THEN 'cga_elevated_above' WHEN 'HIAA' THEN 'hiaa_elevated_above' END
    WHERE t.timepoint = 'baseline'
),

laboratory AS (
    SELECT
        patient_id,
        MAX(value) FILTER (WHERE analyte = 'CGA') AS chromogranin_a_ng_ml,
        BOOL_OR(elevated) FILTER (WHERE analyte = 'CGA') AS chromogranin_a_elevated,
        MAX(value) FILTER (WHERE analyte = 'HIAA') AS hiaa_umol_24h,
        BOOL_OR(elevated) FILTER (WHERE analyte = 'HIAA') AS hiaa_elevated,
        MAX(value) FILTER (WHERE analyte = 'AST') AS ast_u_l,
        MAX(value) FILTER (WHERE analyte = 'ALT') AS alt_u_l,
        MAX(value) FILTER (WHERE analyte = 'BILI') AS bilirubin_umol_l,
        MAX(value) FILTER (WHERE analyte = 'CREA') AS creatinine_umol_l,
        MAX(value) FILTER (WHERE analyte = 'PLT') AS platelets_10_9_l,
        MAX(value) FILTER (WHERE analyte = 'PT_PERCENT') AS prothrombin_percent
    FROM marker
    GROUP BY patient_id
),

body AS (
    SELECT
        patient_id,
        weight_kg * 10000 / NULLIF(height_cm * height_cm, 0) AS bmi_kg_m2
    FROM scope.baseline_clinic
)

SELECT
    p.patient_id,
    p.sex,
    p.first_procedure,
    p.age_at_diagnosis_years,
    p.age_at_first_procedure_years,
    b.bmi_kg_m2,
    bc.category AS bmi_class,
    CASE WHEN several.are_several THEN 'multiple' ELSE s.primary_group END AS primary_group,
    CASE WHEN NOT COALESCE(several.are_several, FALSE) THEN s.report_id END AS primary_report_id,
    p.primary_resected,
    g.grade,
    g.ki67_percent,
    p.synchronous,
    c.previous_hepatic_surgery,
    c.previous_ablation,
    c.previous_systemic_chemotherapy,
    c.previous_somatostatin_analogue,
    c.previous_tace,
    c.previous_prrt,
    c.previous_targeted_therapy,
    i.liver_burden_percent,
    i.liver_burden_class,
    i.extrahepatic_disease,
    p.discovery_mode,
    c.diarrhoea,
    c.flushing,
    c.diarrhoea IN ('present', 'dominant') OR c.flushing IN ('present', 'dominant') AS carcinoid_syndrome,
    l.chromogranin_a_ng_ml,
    l.chromogranin_a_elevated,
    l.hiaa_umol_24h,
    l.hiaa_elevated,
    l.ast_u_l,
    l.alt_u_l,
    l.bilirubin_umol_l,
    l.creatinine_umol_l,
    md.clearance AS clearance_mdrd,
    md.clearance_class AS clearance_mdrd_class,
    ck.clearance AS clearance_ckd_epi_2021,
    ck.clearance_class AS clearance_ckd_epi_2021_class,
    i.target_1_mm,
    i.target_2_mm,
    i.target_sum_mm,
    p.diagnosis_to_liver_metastases_months,
    p.liver_metastases_to_first_procedure_months,
    c.ecog,
    l.platelets_10_9_l,
    l.prothrombin_percent,
    p.birth_date_precision,
    p.diagnosis_date_precision,
    p.liver_metastases_date_precision
FROM patient AS p
LEFT JOIN site AS s ON p.patient_id = s.patient_id AND s.place = 1
LEFT JOIN primaries AS several ON p.patient_id = several.patient_id
LEFT JOIN scope.tumour_grade AS g ON p.patient_id = g.patient_id
LEFT JOIN scope.baseline_clinic AS c ON p.patient_id = c.patient_id
LEFT JOIN scope.baseline_imaging AS i ON p.patient_id = i.patient_id
LEFT JOIN laboratory AS l ON p.patient_id = l.patient_id
LEFT JOIN scope.kidney_function AS md
    ON p.patient_id = md.patient_id AND md.formula = 'mdrd' AND md.timepoint = 'baseline'
LEFT JOIN scope.kidney_function AS ck
    ON p.patient_id = ck.patient_id AND ck.formula = 'ckd_epi_2021' AND ck.timepoint = 'baseline'
LEFT JOIN body AS b ON p.patient_id = b.patient_id
LEFT JOIN reference.class_range AS bc
    ON bc.characteristic = 'bmi' AND b.bmi_kg_m2 >= bc.from_value AND b.bmi_kg_m2 < bc.below_value
