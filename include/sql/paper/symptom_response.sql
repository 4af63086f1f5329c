SELECT
    patients AS n,
    resolved AS count,
    percent_resolved AS pct,
    p_value AS p
FROM marts.symptom_response
