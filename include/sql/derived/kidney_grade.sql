{% from 'derived/grading.sql' import grade_of with context %}
SELECT
    g.patient_id,
    g.formula,
    g.timepoint,
    g.criteria,
    g.clearance,
    CASE WHEN g.at_least = g.at_most THEN g.at_least END AS grade,
    g.at_least AS grade_at_least,
    g.at_most AS grade_at_most,
    g.rule_version || '; ' || g.name AS rule_version,
    g.derived_at
FROM (
    SELECT
        k.*,
        e.criteria,
        e.name,
        {{ grade_of("k.grades_at_least") }} AS at_least,
        {{ grade_of("k.grades_at_most") }} AS at_most
    FROM derived.kidney_function AS k
    CROSS JOIN reference.toxicity_criteria AS e
) AS g
WHERE g.at_least IS NOT NULL
