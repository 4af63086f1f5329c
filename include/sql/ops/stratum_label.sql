SELECT
    stratification,
    stratum,
    stratum_label,
    sort_order AS stratum_order
FROM reference.stratum_label
