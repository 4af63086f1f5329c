SELECT
    analyte,
    timepoint,
    grade,
    denominator AS n,
    patients AS count,
    percent AS pct
FROM marts.toxicity
WHERE criteria = 'ctcae_v3'
