-- Reads: changed_person, person.
INSERT INTO clinical.person (patient_id, person_id, merged_on)
SELECT
    n.patient_id,
    n.person_id,
    n.merged_on
FROM person AS n
INNER JOIN changed_person AS c ON n.patient_id = c.patient_id
