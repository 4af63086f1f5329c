{% from 'clinical/partial_date.sql' import earliest with context %}
-- The study's criteria, each judged for every patient. A censored value meets or misses a limit only where every value
-- that it can stand for does; multiples of a limit are compared on 12 decimals, so 3 x 35.2 is not below 3 x 35.2.
WITH baseline AS (
    SELECT
        b.patient_id,
        b.first_procedure,
        b.ecog,
        b.extrahepatic_disease,
        p.birth_date,
        p.birth_date_precision IS NOT NULL AS birth_is_imputed,
        COALESCE(
            p.liver_metastases_date,
            CASE WHEN p.liver_metastases_timing = 'synchronous' THEN p.diagnosis_date END
        ) AS liver_metastases_date,
        COALESCE(
            {{ earliest('p', 'liver_metastases_date') }},
            CASE WHEN p.liver_metastases_timing = 'synchronous' THEN {{ earliest('p', 'diagnosis_date') }} END
        ) AS earliest_metastases_date,
        CASE
            WHEN p.liver_metastases_date IS NOT NULL THEN p.liver_metastases_date_precision
            WHEN p.liver_metastases_timing = 'synchronous' THEN p.diagnosis_date_precision
        END IS NOT NULL AS metastases_are_imputed,
        i.liver_burden_percent,
        i.burden_exam_id,
        s.procedure_id AS first_procedure_id,
        c.ecog_visit_id,
        i.extrahepatic_exam_id
    FROM scope.baseline AS b
    INNER JOIN scope.patients AS p ON b.patient_id = p.patient_id
    LEFT JOIN scope.treatment_session AS s ON b.patient_id = s.patient_id AND s.session_number = 1
    LEFT JOIN scope.baseline_clinic AS c ON b.patient_id = c.patient_id
    LEFT JOIN scope.baseline_imaging AS i ON b.patient_id = i.patient_id
),

study_session AS (
    SELECT
        s.patient_id,
        BOOL_OR(s.technique = 'ctace' AND s.drug = 'streptozocin') AS streptozocin_ctace
    FROM scope.procedures AS s
    INNER JOIN baseline AS b ON s.patient_id = b.patient_id AND s.performed_on = b.first_procedure
    GROUP BY s.patient_id
),

stated AS (
    SELECT
        b.patient_id,
        c.criterion,
        c.met,
        c.source_table,
        c.source_id
    FROM baseline AS b
    LEFT JOIN study_session AS s ON b.patient_id = s.patient_id
    CROSS JOIN
        LATERAL (
            SELECT b.liver_burden_percent > 0 AND NOT COALESCE(b.liver_metastases_date <= b.first_procedure, FALSE)
        ) AS f (seen_first)
    CROSS JOIN LATERAL (
        VALUES
        ('treated', b.first_procedure IS NOT NULL, 'procedures', b.first_procedure_id),
        ('streptozocin_ctace', s.streptozocin_ctace, 'procedures', b.first_procedure_id),
        (
            'liver_metastases',
            CASE
                WHEN b.liver_metastases_date <= b.first_procedure OR b.liver_burden_percent > 0 THEN TRUE
                WHEN b.earliest_metastases_date > b.first_procedure THEN FALSE
            END,
            CASE WHEN f.seen_first THEN 'exams' ELSE 'patients' END,
            CASE WHEN f.seen_first THEN b.burden_exam_id ELSE b.patient_id END
        ),
        (
            'liver_dominant_disease',
            CASE WHEN b.extrahepatic_disease THEN NULL ELSE NOT b.extrahepatic_disease END,
            'exams',
            b.extrahepatic_exam_id
        )
    ) AS c (criterion, met, source_table, source_id)
),

measured AS (
    SELECT
        b.patient_id,
        c.criterion,
        CAST(c.value AS DOUBLE PRECISION) AS value,
        CAST(NULL AS TEXT) AS comparator,
        c.source_table,
        c.source_id
    FROM baseline AS b
    CROSS JOIN
        LATERAL (
            VALUES
            (
                'study_period',
                EXTRACT(YEAR FROM b.first_procedure) * 100 + EXTRACT(MONTH FROM b.first_procedure),
                'procedures',
                b.first_procedure_id
            ),
            (
                'adult',
                EXTRACT(YEAR FROM b.first_procedure) - EXTRACT(YEAR FROM b.birth_date)
                - CASE
                    WHEN
                        EXTRACT(MONTH FROM b.first_procedure) * 100 + EXTRACT(DAY FROM b.first_procedure)
                        < EXTRACT(MONTH FROM b.birth_date) * 100 + EXTRACT(DAY FROM b.birth_date) THEN 1
                    ELSE 0
                END,
                'patients',
                b.patient_id
            ),
            ('ecog_at_most_2', b.ecog, 'visits', b.ecog_visit_id)
        ) AS c (criterion, value, source_table, source_id)
    UNION ALL
    SELECT
        patient_id,
        CASE analyte
            WHEN 'BILI' THEN 'bilirubin_below_3_uln'
            WHEN 'AST' THEN 'ast_below_3_uln'
            WHEN 'ALT' THEN 'alt_below_3_uln'
            WHEN 'PT_PERCENT' THEN 'prothrombin_above_50'
            WHEN 'PLT' THEN 'platelets_above_50'
        END AS criterion,
        CASE
            WHEN analyte IN ('PT_PERCENT', 'PLT') THEN value
            ELSE CAST(CAST(value / NULLIF(uln, 0) AS NUMERIC(38, 12)) AS DOUBLE PRECISION)
        END AS value,
        comparator,
        'results' AS source_table,
        result_id AS source_id
    FROM scope.lab_timepoint
    WHERE timepoint = 'baseline' AND analyte IN ('BILI', 'AST', 'ALT', 'PT_PERCENT', 'PLT')
    UNION ALL
    SELECT
        patient_id,
        'creatinine_clearance_above_30' AS criterion,
        clearance AS value,
        NULL AS comparator,
        'results' AS source_table,
        result_id AS source_id
    FROM scope.kidney_function
    WHERE formula = 'mdrd' AND timepoint = 'baseline'
),

limited AS (
    SELECT
        m.patient_id,
        m.criterion,
        m.value,
        m.source_table,
        m.source_id,
        CASE
            WHEN m.comparator IS NULL
                THEN
                    (c.lower IS NULL OR m.value > c.lower OR (c.lower_inclusive AND m.value = c.lower))
                    AND (c.upper IS NULL OR m.value < c.upper OR (c.upper_inclusive AND m.value = c.upper))
            WHEN m.comparator IN ('<', '<=') AND c.lower IS NULL
                THEN
                    CASE
                        WHEN m.value < c.upper THEN TRUE
                        WHEN m.value = c.upper AND (c.upper_inclusive OR m.comparator = '<') THEN TRUE
                    END
            WHEN m.comparator IN ('<', '<=')
                THEN
                    CASE
                        WHEN m.value < c.lower THEN FALSE
                        WHEN m.value = c.lower AND NOT (c.lower_inclusive AND m.comparator = '<=') THEN FALSE
                    END
            WHEN c.upper IS NULL
                THEN
                    CASE
                        WHEN m.value > c.lower THEN TRUE
                        WHEN m.value = c.lower AND (c.lower_inclusive OR m.comparator = '>') THEN TRUE
                    END
            WHEN m.value > c.upper THEN FALSE
            WHEN m.value = c.upper AND NOT (c.upper_inclusive AND m.comparator = '>=') THEN FALSE
        END AS met
    FROM measured AS m
    INNER JOIN reference.eligibility_criterion AS c ON m.criterion = c.criterion
)

SELECT
    b.patient_id,
    c.criterion,
    COALESCE(s.met, l.met) AS met,
    CASE
        WHEN COALESCE(s.met, l.met) THEN 'met'
        WHEN NOT COALESCE(s.met, l.met) THEN 'not met'
        WHEN b.first_procedure IS NULL THEN 'unknown: no procedure on file'
        WHEN c.criterion = 'liver_dominant_disease' AND b.extrahepatic_disease
            THEN 'unknown: disease outside the liver, its extent is not recorded'
        WHEN c.criterion = 'liver_metastases' AND b.metastases_are_imputed
            THEN 'unknown: the liver metastases may be older or younger than the first procedure'
        WHEN l.value IS NOT NULL THEN 'unknown: the value is censored at the wrong side of the limit'
        WHEN l.criterion IS NOT NULL AND c.unit = 'ULN' THEN 'unknown: the result has no upper limit of normal'
        ELSE 'unknown: not recorded on or before the first procedure'
    END AS detail,
    CASE WHEN COALESCE(s.source_id, l.source_id) IS NOT NULL THEN COALESCE(s.source_table, l.source_table) END
        AS source_table,
    COALESCE(s.source_id, l.source_id) AS source_id,
    CASE
        WHEN COALESCE(s.source_table, l.source_table) <> 'patients' THEN FALSE
        WHEN c.criterion = 'adult' THEN b.birth_is_imputed
        ELSE b.metastases_are_imputed
    END AS is_imputed
FROM baseline AS b
CROSS JOIN reference.eligibility_criterion AS c
LEFT JOIN stated AS s ON b.patient_id = s.patient_id AND c.criterion = s.criterion
LEFT JOIN limited AS l ON b.patient_id = l.patient_id AND c.criterion = l.criterion
