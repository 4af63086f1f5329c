DELETE FROM clinical.lifespan
WHERE patient_id IN (SELECT patient_id FROM changed_lifespan)
