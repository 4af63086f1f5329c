{% from 'derived/grading.sql' import grade_of with context %}
-- Patients are counted by their texts of grades first: there are few of those.
WITH
graded AS (
    SELECT
        analyte,
        direction,
        timepoint,
        grades_at_least,
        grades_at_most,
        baseline_too_old AS is_old,
        COUNT(*) AS patients
    FROM derived.timepoint_grade
    GROUP BY analyte, direction, timepoint, grades_at_least, grades_at_most, baseline_too_old
),

counted AS (
    SELECT
        e.criteria,
        e.name,
        g.analyte,
        t.term,
        g.timepoint,
        {{ grade_of("g.grades_at_least") }} AS at_least,
        {{ grade_of("g.grades_at_most") }} AS at_most,
        g.is_old,
        g.patients
    FROM graded AS g
    CROSS JOIN reference.toxicity_criteria AS e
    INNER JOIN reference.graded_term AS t
        ON e.criteria = t.criteria AND g.analyte = t.analyte AND g.direction = t.direction
),

by_grade AS (
    SELECT
        c.criteria,
        c.name,
        c.analyte,
        c.term,
        c.timepoint,
        n.grade,
        COALESCE(SUM(c.patients) FILTER (WHERE c.at_least = n.grade AND c.at_most = n.grade), 0) AS patients,
        COALESCE(SUM(c.patients) FILTER (WHERE c.at_least = c.at_most), 0) AS denominator,
        COALESCE(SUM(c.patients) FILTER (WHERE c.at_least >= n.grade), 0) AS at_least_patients,
        SUM(c.patients) AS at_least_denominator,
        COALESCE(SUM(c.patients) FILTER (WHERE c.is_old), 0) AS old_baseline_patients
    FROM counted AS c
    CROSS JOIN (VALUES (0), (1), (2), (3), (4)) AS n (grade)
    WHERE c.at_least IS NOT NULL
    GROUP BY c.criteria, c.name, c.analyte, c.term, c.timepoint, n.grade
)

SELECT
    criteria,
    name AS criteria_label,
    analyte,
    term,
    timepoint,
    grade,
    patients,
    denominator,
    100.0 * patients / NULLIF(denominator, 0) AS percent,
    at_least_patients,
    at_least_denominator,
    100.0 * at_least_patients / at_least_denominator AS at_least_percent,
    old_baseline_patients
FROM by_grade
