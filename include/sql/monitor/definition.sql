-- How a number of a mart is defined.
SELECT MAX(definition) AS definition
FROM marts.metric_definition
WHERE mart = :mart AND metric = :metric
