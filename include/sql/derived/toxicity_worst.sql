{% from 'derived/grading.sql' import grade_of with context %}
SELECT
    g.patient_id,
    g.analyte,
    g.criteria,
    g.period,
    CASE WHEN g.baseline_at_least = g.baseline_at_most THEN g.baseline_at_least END AS baseline_grade,
    g.worst_grade,
    g.worst_grade_at_least,
    g.worst_grade_at_most,
    g.rule_version || '; ' || g.name AS rule_version,
    g.derived_at
FROM (
    SELECT
        w.patient_id,
        w.analyte,
        w.period,
        w.rule_version,
        w.derived_at,
        e.criteria,
        e.name,
        {{ grade_of("w.baseline_at_least") }} AS baseline_at_least,
        {{ grade_of("w.baseline_at_most") }} AS baseline_at_most,
        {{ grade_of("w.worst_grades") }} AS worst_grade,
        {{ grade_of("w.worst_at_least") }} AS worst_grade_at_least,
        {{ grade_of("w.worst_at_most") }} AS worst_grade_at_most
    FROM derived.worst_grade AS w
    CROSS JOIN reference.toxicity_criteria AS e
) AS g
