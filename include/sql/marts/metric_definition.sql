SELECT
    mart,
    metric,
    definition,
    unit,
    denominator,
    source
FROM reference.metric_definition
