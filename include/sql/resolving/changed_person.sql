-- Reads: person. Makes: changed_person.
CREATE TEMPORARY TABLE changed_person AS
SELECT COALESCE(n.patient_id, k.patient_id) AS patient_id
FROM person AS n
FULL JOIN clinical.person AS k ON n.patient_id = k.patient_id
WHERE
    n.patient_id IS NULL
    OR k.patient_id IS NULL
    OR n.person_id <> k.person_id
    OR n.merged_on <> k.merged_on
