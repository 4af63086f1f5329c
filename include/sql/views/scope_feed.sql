CREATE VIEW scope.{{ feed }} AS
SELECT
    {{ columns }},
    load_id,
    row_number
FROM clinical.{{ feed }}
WHERE
    version_state = 'current'
    AND status <> 'cancelled'
    AND patient_id IN (SELECT patient_id FROM ops.scope)
