SELECT
    g.grade AS grade_before,
    g.grade_after_treatment AS grade_after,
    g.has_progressed,
    COUNT(*) AS patients,
    SUM(COUNT(*)) OVER () AS denominator,
    100.0 * COUNT(*) / SUM(COUNT(*)) OVER () AS percent,
    10 * b.grade_order + a.grade_order AS sort_order
FROM derived.tumour_grade AS g
INNER JOIN reference.grade_order AS b ON g.grade = b.grade
INNER JOIN reference.grade_order AS a ON g.grade_after_treatment = a.grade
GROUP BY g.grade, g.grade_after_treatment, g.has_progressed, b.grade_order, a.grade_order
