CREATE TEMPORARY TABLE fresh AS
SELECT
    {{ columns }},
    rule_version
FROM {{ table }}
WHERE FALSE
