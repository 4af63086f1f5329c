-- A column means what its description says; reference.metric_definition adds how it is computed, and what values mean.
WITH measure AS (
    SELECT
        table_name AS mart,
        column_name AS metric,
        description
    FROM reference.data_dictionary
    WHERE table_schema = 'marts' AND column_name <> '' AND NOT is_key
),

meant AS (
    SELECT
        measure.mart,
        measure.metric,
        measure.description || COALESCE('. ' || computed.definition, '') AS definition,
        computed.metric AS metrics,
        computed.unit,
        computed.denominator,
        computed.source
    FROM measure
    LEFT JOIN reference.metric_definition AS computed
        ON
            measure.mart = computed.mart
            AND POSITION(', ' || measure.metric || ', ' IN ', ' || computed.metric || ', ') > 0
)

SELECT
    mart,
    metric,
    definition,
    unit,
    denominator,
    source
FROM meant
UNION ALL
SELECT
    computed.mart,
    computed.metric,
    computed.definition,
    computed.unit,
    computed.denominator,
    computed.source
FROM reference.metric_definition AS computed
LEFT JOIN meant ON computed.mart = meant.mart AND computed.metric = meant.metrics
WHERE meant.mart IS NULL
