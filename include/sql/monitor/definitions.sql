-- How the numbers of the pages are defined, and whose definition that is.
SELECT
    mart,
    metric,
    definition,
    unit,
    source
FROM marts.metric_definition
WHERE source IS NOT NULL
ORDER BY mart ASC, metric ASC
