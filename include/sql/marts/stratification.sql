SELECT
    stratification,
    stratum,
    stratification_label,
    stratum_label,
    sort_order AS stratum_order,
    immortal_time
FROM reference.stratum_label
