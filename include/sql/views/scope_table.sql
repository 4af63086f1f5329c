CREATE VIEW scope.{{ table }} AS
SELECT *
FROM {{ schema }}.{{ table }}
WHERE patient_id IN (SELECT patient_id FROM ops.scope)
