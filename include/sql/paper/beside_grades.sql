-- Patients by laboratory grade 0 to 4, under each edition of the criteria and each other one.
WITH by_grade AS (
    SELECT
        criteria,
        MAX(criteria_label) AS method,
        analyte,
        timepoint,
        SUM(patients) FILTER (WHERE grade = 0) AS grade_0,
        SUM(patients) FILTER (WHERE grade = 1) AS grade_1,
        SUM(patients) FILTER (WHERE grade = 2) AS grade_2,
        SUM(patients) FILTER (WHERE grade = 3) AS grade_3,
        SUM(patients) FILTER (WHERE grade = 4) AS grade_4
    FROM marts.toxicity
    WHERE analyte IN ('AST', 'ALT', 'BILI')
    GROUP BY criteria, analyte, timepoint
)

SELECT
    'grades' AS topic,
    s.analyte || ', ' || REPLACE(s.timepoint, '_', ' ') || ', grades 0 to 4' AS measure,
    s.criteria AS study_criteria,
    s.method AS study_method,
    s.grade_0 AS study_1,
    s.grade_1 AS study_2,
    s.grade_2 AS study_3,
    s.grade_3 AS study_4,
    s.grade_4 AS study_5,
    t.criteria AS standard_criteria,
    t.method AS standard_method,
    t.grade_0 AS standard_1,
    t.grade_1 AS standard_2,
    t.grade_2 AS standard_3,
    t.grade_3 AS standard_4,
    t.grade_4 AS standard_5
FROM by_grade AS s
INNER JOIN by_grade AS t ON s.analyte = t.analyte AND s.timepoint = t.timepoint
ORDER BY
    CASE s.analyte WHEN 'AST' THEN 1 WHEN 'ALT' THEN 2 ELSE 3 END ASC,
    CASE s.timepoint WHEN 'baseline' THEN 1 WHEN 'day_1' THEN 2 WHEN 'day_5' THEN 3 ELSE 4 END ASC
