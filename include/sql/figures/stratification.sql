SELECT DISTINCT
    stratification,
    stratification_label
FROM reference.stratum_label
