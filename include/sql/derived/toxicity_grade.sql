{% from 'derived/grading.sql' import grade_of with context %}
SELECT
    g.result_id,
    g.criteria,
    g.patient_id,
    g.analyte,
    g.collected_at,
    g.value,
    g.comparator,
    g.unit,
    g.uln,
    b.value AS baseline_value,
    b.baseline_age_days,
    b.baseline_too_old,
    CASE WHEN g.at_least = g.at_most THEN g.at_least END AS grade,
    g.at_least AS grade_at_least,
    g.at_most AS grade_at_most,
    g.rule_version || '; ' || g.name AS rule_version,
    g.derived_at
FROM (
    SELECT
        r.*,
        e.criteria,
        e.name,
        {{ grade_of("r.grades_at_least") }} AS at_least,
        {{ grade_of("r.grades_at_most") }} AS at_most
    FROM derived.graded_result AS r
    CROSS JOIN reference.toxicity_criteria AS e
) AS g
LEFT JOIN derived.lab_timepoint AS b
    ON g.patient_id = b.patient_id AND g.analyte = b.analyte AND b.timepoint = 'baseline'
