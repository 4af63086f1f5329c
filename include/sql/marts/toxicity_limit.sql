SELECT
    criteria,
    analyte,
    baseline,
    basis,
    grade,
    comparator,
    threshold,
    unit,
    citation
FROM reference.toxicity_limit
