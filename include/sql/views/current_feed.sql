CREATE VIEW clinical.current_{{ feed }} AS
SELECT {{ columns }}
FROM clinical.{{ feed }}
WHERE
    version_state = 'current'
    AND status <> 'cancelled'
    AND patient_id IN (SELECT patient_id FROM clinical.lifespan WHERE is_active)
