{% from 'derived/grading.sql' import of_both, term_of, with_both_sides with context %}
-- noqa: disable=LT02
SELECT
    g.patient_id,
    g.analyte,
    g.criteria,
    g.period,
    g.term,
    CASE WHEN g.baseline_at_least = g.baseline_at_most THEN g.baseline_at_least END AS baseline_grade,
    g.worst_grade,
    g.worst_grade_at_least,
    g.worst_grade_at_most,
    g.rule_version || '; ' || g.name AS rule_version,
    g.derived_at
FROM (
    SELECT
        r.patient_id,
        r.analyte,
        r.period,
        r.rule_version,
        r.derived_at,
        e.criteria,
        e.name,
        {{ term_of("worst_at_least") }} AS term,
        {{ of_both("baseline_at_least") }} AS baseline_at_least,
        {{ of_both("baseline_at_most") }} AS baseline_at_most,
        {{ of_both("worst_grades") }} AS worst_grade,
        {{ of_both("worst_at_least") }} AS worst_grade_at_least,
        {{ of_both("worst_at_most") }} AS worst_grade_at_most
    {{ with_both_sides("worst_grade", ["patient_id", "analyte", "period"]) }}
) AS g
