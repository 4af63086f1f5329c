WITH
counted AS (
    SELECT
        g.criteria,
        t.analyte,
        t.timepoint,
        g.grade,
        COUNT(*) AS patients
    FROM derived.lab_timepoint AS t
    INNER JOIN derived.toxicity_grade AS g ON t.result_id = g.result_id
    WHERE g.grade IS NOT NULL
    GROUP BY g.criteria, t.analyte, t.timepoint, g.grade
),

denominator_of AS (
    SELECT
        criteria,
        analyte,
        timepoint,
        SUM(patients) AS denominator
    FROM counted
    GROUP BY criteria, analyte, timepoint
)

SELECT
    d.criteria,
    d.analyte,
    d.timepoint,
    n.grade,
    COALESCE(c.patients, 0) AS patients,
    d.denominator,
    100.0 * COALESCE(c.patients, 0) / d.denominator AS percent
FROM denominator_of AS d
CROSS JOIN (VALUES (0), (1), (2), (3), (4)) AS n (grade)
LEFT JOIN counted AS c
    ON
        d.criteria = c.criteria AND d.analyte = c.analyte
        AND d.timepoint = c.timepoint AND n.grade = c.grade
