-- The treated patients at their first procedure.
SELECT
    characteristic,
    category,
    n,
    denominator,
    percent,
    mean,
    sd,
    median,
    min AS minimum,
    max AS maximum,
    unit
FROM marts.baseline_characteristics
ORDER BY sort_order ASC
