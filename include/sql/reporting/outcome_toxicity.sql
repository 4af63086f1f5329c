SELECT
    analyte,
    timepoint,
    MAX(denominator) AS patients,
    SUM(patients) FILTER (WHERE criteria = 'ctcae_v3' AND grade >= 3) AS "grade 3-4 (v3)",
    SUM(patients) FILTER (WHERE criteria = 'ctcae_v5' AND grade >= 3) AS "grade 3-4 (v5)"
FROM marts.toxicity
WHERE analyte IN ('AST', 'ALT', 'BILI')
GROUP BY analyte, timepoint
ORDER BY
    analyte ASC,
    CASE timepoint WHEN 'baseline' THEN 1 WHEN 'day_1' THEN 2 WHEN 'day_5' THEN 3 ELSE 4 END ASC
