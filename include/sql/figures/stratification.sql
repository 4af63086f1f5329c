SELECT DISTINCT
    stratification,
    stratification_label
FROM marts.stratification
