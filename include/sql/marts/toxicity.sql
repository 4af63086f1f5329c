WITH
graded AS (
    SELECT
        t.analyte,
        t.timepoint,
        g.ctcae_v3,
        g.ctcae_v4,
        g.ctcae_v5,
        COUNT(*) AS patients
    FROM derived.lab_timepoint AS t
    INNER JOIN derived.graded_result AS g ON t.result_id = g.result_id
    GROUP BY t.analyte, t.timepoint, g.ctcae_v3, g.ctcae_v4, g.ctcae_v5
),

counted AS (
    SELECT
        c.criteria,
        g.analyte,
        g.timepoint,
        c.grade,
        CAST(SUM(g.patients) AS BIGINT) AS patients
    FROM graded AS g
    CROSS JOIN
        LATERAL (
            VALUES ('ctcae_v3', g.ctcae_v3), ('ctcae_v4', g.ctcae_v4), ('ctcae_v5', g.ctcae_v5)
        ) AS c (criteria, grade)
    WHERE c.grade IS NOT NULL
    GROUP BY c.criteria, g.analyte, g.timepoint, c.grade
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
