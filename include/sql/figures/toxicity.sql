SELECT
    criteria,
    analyte,
    timepoint,
    grade,
    patients,
    denominator,
    percent
FROM marts.toxicity
WHERE analyte IN ('AST', 'ALT', 'BILI')
