SELECT
    criteria,
    analyte,
    baseline,
    basis,
    grade,
    comparator,
    threshold,
    unit,
    plus,
    term,
    citation
FROM reference.toxicity_limit
