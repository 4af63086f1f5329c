{% set counts = "(SELECT mart.*, 'none' AS cause, 0 AS not_evaluable, 0 AS imputed_times FROM (" ~ select ~ ") AS mart)" %}
{% set curve = columns | join(", ") %}
-- Counts of groups that cross several factors, as they leave the house: each cross is a group of its own.
WITH left_house AS (
{% include 'disclosure/flow.sql' %}
)

SELECT
    {{ curve }},
    months,
    CAST(SUM(entered) AS BIGINT) AS entered,
    CAST(SUM(events) AS BIGINT) AS events,
    CAST(SUM(censored) AS BIGINT) AS censored
FROM left_house
WHERE months IS NOT NULL
GROUP BY {{ curve }}, months
