-- Patients by laboratory grade 0 to 4, under the study's limits and under today's.
SELECT
    'grades' AS topic,
    analyte || ', ' || REPLACE(timepoint, '_', ' ') || ', grades 0 to 4' AS measure,
    'CTCAE v3.0' AS study_method,
    SUM(patients) FILTER (WHERE criteria = 'ctcae_v3' AND grade = 0) AS study_1,
    SUM(patients) FILTER (WHERE criteria = 'ctcae_v3' AND grade = 1) AS study_2,
    SUM(patients) FILTER (WHERE criteria = 'ctcae_v3' AND grade = 2) AS study_3,
    SUM(patients) FILTER (WHERE criteria = 'ctcae_v3' AND grade = 3) AS study_4,
    SUM(patients) FILTER (WHERE criteria = 'ctcae_v3' AND grade = 4) AS study_5,
    'CTCAE v5.0' AS standard_method,
    SUM(patients) FILTER (WHERE criteria = 'ctcae_v5' AND grade = 0) AS standard_1,
    SUM(patients) FILTER (WHERE criteria = 'ctcae_v5' AND grade = 1) AS standard_2,
    SUM(patients) FILTER (WHERE criteria = 'ctcae_v5' AND grade = 2) AS standard_3,
    SUM(patients) FILTER (WHERE criteria = 'ctcae_v5' AND grade = 3) AS standard_4,
    SUM(patients) FILTER (WHERE criteria = 'ctcae_v5' AND grade = 4) AS standard_5
FROM marts.toxicity
WHERE analyte IN ('AST', 'ALT', 'BILI')
GROUP BY analyte, timepoint
ORDER BY
    CASE analyte WHEN 'AST' THEN 1 WHEN 'ALT' THEN 2 ELSE 3 END ASC,
    CASE timepoint WHEN 'baseline' THEN 1 WHEN 'day_1' THEN 2 WHEN 'day_5' THEN 3 ELSE 4 END ASC
