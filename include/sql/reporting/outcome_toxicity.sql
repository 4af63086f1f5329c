SELECT
    analyte,
    timepoint,
    criteria_label AS criteria,
    MAX(denominator) AS patients,
    SUM(patients) FILTER (WHERE grade >= 3) AS "grade 3-4"
FROM marts.toxicity
WHERE analyte IN ('AST', 'ALT', 'BILI')
GROUP BY analyte, timepoint, criteria_label
ORDER BY
    analyte ASC,
    CASE timepoint WHEN 'baseline' THEN 1 WHEN 'day_1' THEN 2 WHEN 'day_5' THEN 3 ELSE 4 END ASC,
    criteria_label ASC
