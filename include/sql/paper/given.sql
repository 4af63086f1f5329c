SELECT
    measure,
    n,
    mean,
    sd,
    median,
    min,
    max
FROM marts.treatment_exposure
