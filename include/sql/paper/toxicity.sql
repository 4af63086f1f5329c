SELECT
    criteria,
    analyte,
    timepoint,
    grade,
    denominator AS n,
    patients AS count,
    percent AS pct
FROM marts.toxicity
