-- The groups that outcomes are compared between; a patient whose group is not known is in none of its strata.
WITH session_count AS (
    SELECT
        patient_id,
        COUNT(*) AS sessions
    FROM scope.treatment_session
    GROUP BY patient_id
),

classed AS (
    SELECT
        b.patient_id,
        burden.category AS burden,
        sessions.category AS procedures
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
)

SELECT
    b.patient_id,
    s.stratification,
    s.stratum,
    s.immortal_time
FROM scope.baseline AS b
INNER JOIN classed AS c ON b.patient_id = c.patient_id
CROSS JOIN
    LATERAL (
        VALUES
        ('all', 'all', FALSE),
        ('primary', CASE WHEN b.primary_group <> 'other' THEN b.primary_group END, FALSE),
        ('primary_gi_pancreas', CASE WHEN b.primary_group IN ('gi', 'pancreas') THEN b.primary_group END, FALSE),
        ('primary_resected', CASE b.primary_resected WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' END, FALSE),
        ('grade', b.grade, FALSE),
        ('burden', c.burden, FALSE),
        ('extrahepatic', CASE b.extrahepatic_disease WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' END, FALSE),
        ('procedures', c.procedures, TRUE),
        ('sex', b.sex, FALSE),
        ('synchronous', CASE b.synchronous WHEN TRUE THEN 'synchronous' WHEN FALSE THEN 'metachronous' END, FALSE)
    ) AS s (stratification, stratum, immortal_time)
WHERE s.stratum IS NOT NULL
