-- Reads: changed_lifespan.
DELETE FROM clinical.lifespan
WHERE patient_id IN (SELECT c.patient_id FROM changed_lifespan AS c)
