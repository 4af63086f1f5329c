{% from 'derived/grading.sql' import grade_of with context %}
-- Patients are counted by their texts of grades first: there are few of those.
WITH
graded AS (
    SELECT
        analyte,
        direction,
        period,
        baseline_at_least,
        baseline_at_most,
        worst_at_least,
        worst_at_most,
        COUNT(*) AS patients
    FROM derived.worst_grade
    GROUP BY analyte, direction, period, baseline_at_least, baseline_at_most, worst_at_least, worst_at_most
),

told AS (
    SELECT
        e.criteria,
        e.name,
        g.analyte,
        t.term,
        g.period,
        {{ grade_of("g.baseline_at_least") }} AS baseline_at_least,
        {{ grade_of("g.baseline_at_most") }} AS baseline_at_most,
        {{ grade_of("g.worst_at_least") }} AS worst_at_least,
        {{ grade_of("g.worst_at_most") }} AS worst_at_most,
        g.patients
    FROM graded AS g
    CROSS JOIN reference.toxicity_criteria AS e
    INNER JOIN reference.graded_term AS t
        ON e.criteria = t.criteria AND g.analyte = t.analyte AND g.direction = t.direction
),

counted AS (
    SELECT
        criteria,
        name,
        analyte,
        term,
        period,
        CASE WHEN baseline_at_least = baseline_at_most THEN baseline_at_least END AS baseline_grade,
        worst_at_least AS worst_grade,
        worst_at_least < worst_at_most AS at_least,
        CAST(SUM(patients) AS BIGINT) AS patients
    FROM told
    WHERE worst_at_least IS NOT NULL
    GROUP BY
        criteria,
        name,
        analyte,
        term,
        period,
        CASE WHEN baseline_at_least = baseline_at_most THEN baseline_at_least END,
        worst_at_least,
        worst_at_least < worst_at_most
)

SELECT
    criteria,
    name AS criteria_label,
    analyte,
    term,
    period,
    baseline_grade,
    worst_grade,
    at_least,
    patients,
    SUM(patients) OVER (PARTITION BY criteria, analyte, term, period) AS denominator,
    100.0 * patients / SUM(patients) OVER (PARTITION BY criteria, analyte, term, period) AS percent
FROM counted
