SELECT
    criteria,
    analyte,
    timepoint,
    grade,
    patients,
    denominator,
    percent
FROM marts.toxicity
WHERE criteria IN ('ctcae_v3', 'ctcae_v5') AND analyte IN ('AST', 'ALT', 'BILI')
