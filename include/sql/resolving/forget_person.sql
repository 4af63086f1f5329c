-- Reads: changed_person.
DELETE FROM clinical.person
WHERE patient_id IN (SELECT c.patient_id FROM changed_person AS c)
