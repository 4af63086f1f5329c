SELECT
    criteria,
    analyte,
    MAX(threshold) FILTER (WHERE grade = 1) AS values_1,
    MAX(threshold) FILTER (WHERE grade = 2) AS values_2,
    MAX(threshold) FILTER (WHERE grade = 3) AS values_3,
    MAX(threshold) FILTER (WHERE grade = 4) AS values_4
FROM marts.toxicity_limit
GROUP BY criteria, analyte
