-- The groups that outcomes are compared between are those of reference.stratum_label; a patient whose group is not
-- known is in none of its strata.
WITH session_count AS (
    SELECT
        patient_id,
        COUNT(*) AS sessions
    FROM scope.treatment_session
    GROUP BY patient_id
),

known AS (
    SELECT
        b.patient_id,
        v.characteristic,
        v.category
    FROM scope.baseline AS b
    LEFT JOIN session_count AS n ON b.patient_id = n.patient_id
    LEFT JOIN reference.class_range AS burden
        ON
            burden.characteristic = 'liver_burden_half'
            AND b.liver_burden_percent >= burden.from_value
            AND b.liver_burden_percent < burden.below_value
    LEFT JOIN reference.class_range AS sessions
        ON
            sessions.characteristic = 'procedures'
            AND n.sessions >= sessions.from_value
            AND n.sessions < sessions.below_value
    LEFT JOIN scope.tumour_stage AS t ON b.patient_id = t.patient_id
    LEFT JOIN scope.hormone_syndrome AS h ON b.patient_id = h.patient_id
    CROSS JOIN
        LATERAL (
            VALUES
            ('all', 'all'),
            ('primary', b.primary_group),
            ('primary_resected', CASE b.primary_resected WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' END),
            ('grade', b.grade),
            ('liver_burden_half', burden.category),
            ('extrahepatic_disease', CASE b.extrahepatic_disease WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' END),
            ('procedures', sessions.category),
            ('sex', b.sex),
            ('liver_metastases', CASE b.synchronous WHEN TRUE THEN 'synchronous' WHEN FALSE THEN 'metachronous' END),
            ('stage_at_diagnosis', TRIM(TRANSLATE(t.stage_at_diagnosis, 'ABC123', '      '))),
            ('functioning', CASE h.is_functioning WHEN TRUE THEN 'functioning' WHEN FALSE THEN 'non_functioning' END),
            ('hormone_syndrome', h.syndrome)
        ) AS v (characteristic, category)
)

SELECT
    known.patient_id,
    stratum.stratification,
    stratum.stratum,
    stratum.immortal_time
FROM known
INNER JOIN reference.stratum_label AS stratum
    ON known.characteristic = stratum.characteristic AND known.category = stratum.stratum
