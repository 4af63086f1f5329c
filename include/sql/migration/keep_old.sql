CREATE TABLE before.{{ name }} AS
SELECT *
FROM {{ table }}
