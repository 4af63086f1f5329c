{% from 'derived/grading.sql' import of_both, term_of, with_both_sides with context %}
-- noqa: disable=LT02
SELECT
    g.result_id,
    g.criteria,
    g.patient_id,
    g.analyte,
    g.term,
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
        {{ term_of("grades_at_least") }} AS term,
        {{ of_both("grades_at_least") }} AS at_least,
        {{ of_both("grades_at_most") }} AS at_most
    {{ with_both_sides("graded_result", ["result_id"]) }}
) AS g
LEFT JOIN derived.lab_timepoint AS b
    ON g.patient_id = b.patient_id AND g.analyte = b.analyte AND b.timepoint = 'baseline'
